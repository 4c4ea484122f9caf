package dev.freehold.outbox.internal;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.DefaultJpaDialect;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.ClassUtils;

/** Finds out which database a transaction manager works on. */
public final class TransactionManagers {

    private static final boolean JPA = ClassUtils.isPresent(
            "org.springframework.orm.jpa.JpaTransactionManager", TransactionManagers.class.getClassLoader());

    private TransactionManagers() {}

    /** The database whose connections the manager binds to its transactions, or null if it is of another kind. */
    public static @Nullable DataSource dataSourceOf(PlatformTransactionManager manager) {
        DataSource found = manager instanceof DataSourceTransactionManager jdbc ? jdbc.getDataSource() : null;
        if (found == null && JPA) {
            found = Jpa.dataSourceOf(manager);
        }
        return found == null ? null : unwrap(found);
    }

    /** Whether it is JPA's, and JPA on the class path. */
    public static boolean isJpa(PlatformTransactionManager manager) {
        return JPA && Jpa.isOne(manager);
    }

    /** Whether JDBC can join its transactions; JPA's own dialect, without a vendor's, keeps the connection to itself. */
    public static boolean exposesConnections(PlatformTransactionManager manager) {
        return !isJpa(manager) || Jpa.exposesConnections(manager);
    }

    /** What connections are bound under: the pool, not a proxy that looks for bound connections itself. */
    public static DataSource unwrap(DataSource dataSource) {
        DataSource target =
                dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        return target == null ? dataSource : target;
    }

    /** Loaded only where JPA is on the class path. */
    private static final class Jpa {

        static @Nullable DataSource dataSourceOf(PlatformTransactionManager manager) {
            return manager instanceof JpaTransactionManager jpa ? jpa.getDataSource() : null;
        }

        static boolean exposesConnections(PlatformTransactionManager manager) {
            return manager instanceof JpaTransactionManager jpa
                    && jpa.getJpaDialect().getClass() != DefaultJpaDialect.class;
        }

        static boolean isOne(PlatformTransactionManager manager) {
            return manager instanceof JpaTransactionManager;
        }
    }
}
