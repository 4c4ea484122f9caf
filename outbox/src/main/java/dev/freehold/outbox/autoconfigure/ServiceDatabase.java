package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.internal.TransactionManagers;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;

/** Finds the service's database among the beans, and the transaction managers that work on it. */
final class ServiceDatabase {

    private ServiceDatabase() {}

    static DataSource of(ObjectProvider<DataSource> dataSources) {
        DataSource single = dataSources.getIfUnique();
        if (single == null) {
            long count = dataSources.stream().count();
            throw new OutboxException(
                    "The outbox found %s DataSource beans.".formatted(count == 0 ? "no" : String.valueOf(count)),
                    count == 0
                            ? "Set spring.datasource.url to the service's own database, or freehold.outbox.enabled=false."
                            : "Mark the one of the service's own database as @Primary.");
        }
        return single;
    }

    static List<PlatformTransactionManager> managersOf(DataSource dataSource, ListableBeanFactory beans) {
        DataSource own = TransactionManagers.unwrap(dataSource);
        List<PlatformTransactionManager> managers =
                beans.getBeansOfType(PlatformTransactionManager.class, true, false).values().stream()
                        .filter(manager -> TransactionManagers.dataSourceOf(manager) == own)
                        .toList();
        if (managers.isEmpty()) {
            throw new OutboxException(
                    "No transaction manager works on the outbox's DataSource (%s).".formatted(own),
                    "Add spring-boot-starter-jdbc or spring-boot-starter-data-jpa, or define a JpaTransactionManager or"
                            + " JdbcTransactionManager on it; JTA and reactive managers are not supported.");
        }
        return managers;
    }
}
