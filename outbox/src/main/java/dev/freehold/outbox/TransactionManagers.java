package dev.freehold.outbox;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.util.ClassUtils;

/** Finds out which database a transaction manager works on, and binds the outbox to it. */
final class TransactionManagers {

    private static final boolean JPA = ClassUtils.isPresent(
            "org.springframework.orm.jpa.JpaTransactionManager", TransactionManagers.class.getClassLoader());

    private TransactionManagers() {}

    static void bind(
            PlatformTransactionManager manager,
            DataSource dataSource,
            DefaultOutbox outbox,
            OutboxStore store,
            Runnable wakeUp) {
        DataSource managed = dataSourceOf(manager);
        if (managed == null || !(manager instanceof ConfigurableTransactionManager configurable)) {
            throw new OutboxException(
                    "The outbox cannot work with transaction manager %s."
                            .formatted(manager.getClass().getName()),
                    "Use JpaTransactionManager or DataSourceTransactionManager (JdbcTransactionManager) with its DataSource set.");
        }
        if (managed != dataSource) {
            throw new OutboxException(
                    "The transaction manager works on %s, the outbox on %s.".formatted(managed, dataSource),
                    "Give both the same DataSource bean: events are stored on the transaction's own connection.");
        }
        if (manager instanceof AbstractPlatformTransactionManager synchronizing
                && synchronizing.getTransactionSynchronization()
                        != AbstractPlatformTransactionManager.SYNCHRONIZATION_ALWAYS) {
            throw new OutboxException(
                    "The transaction manager's transactionSynchronization is not ALWAYS.",
                    "Leave it at its default: without it nobody is told when a transaction ends.");
        }
        Runnable flush = JPA ? PersistenceFlush.of(manager) : null;
        configurable.addListener(
                new TransactionBinding(outbox, dataSource, store, flush == null ? () -> {} : flush, wakeUp));
    }

    static @Nullable DataSource dataSourceOf(PlatformTransactionManager manager) {
        DataSource found = manager instanceof DataSourceTransactionManager jdbc ? jdbc.getDataSource() : null;
        if (found == null && JPA) {
            found = PersistenceFlush.dataSourceOf(manager);
        }
        return found == null ? null : unwrap(found);
    }

    static DataSource unwrap(DataSource dataSource) {
        DataSource target =
                dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        return target == null ? dataSource : target;
    }
}
