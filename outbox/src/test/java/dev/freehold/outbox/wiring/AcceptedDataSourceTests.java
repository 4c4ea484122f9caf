package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;

/** Ways to reach the database that services use besides a plain pool. */
class AcceptedDataSourceTests {

    @RegisterExtension
    static final Database database = new Database();

    private static void stores(Service service) {
        service.inTransaction(() -> service.placeAndPublish("committed"));
        service.transaction().executeWithoutResult(status -> {
            service.placeAndPublish("rolled back");
            status.setRollbackOnly();
        });
        assertThat(database.orders()).containsExactly("committed");
        assertThat(database.events()).containsExactly("committed");
    }

    @Test
    void storesThroughAProxyThatIsAwareOfTransactions() {
        DataSource proxy = new TransactionAwareDataSourceProxy(database.dataSource());
        stores(Service.on(proxy, new DataSourceTransactionManager(proxy)));
    }

    @Test
    void storesWhenOnlyTheServiceUsesAProxyThatIsAwareOfTransactions() {
        DataSource proxy = new TransactionAwareDataSourceProxy(database.dataSource());
        Service plain = Service.on(database.dataSource());
        stores(new Service(proxy, plain.manager(), plain.outbox()));
    }

    @Test
    void storesOnALazyConnection() {
        stores(Service.on(new LazyConnectionDataSourceProxy(database.dataSource())));
    }

    @Test
    void refusesALazyConnectionOnOneSideOnly() {
        DataSource lazy = new LazyConnectionDataSourceProxy(database.dataSource());
        Refusal.of(
                () -> Service.on(database.dataSource(), new DataSourceTransactionManager(lazy)),
                "same DataSource bean");
    }

    @Test
    void storesWithAPoolThatDoesNotCommitByItself() {
        HikariDataSource pool = database.otherDataSource();
        pool.setAutoCommit(false);
        stores(Service.on(pool));
    }

    @Test
    void storesWithTheManagerThatTranslatesExceptions() {
        stores(Service.on(database.dataSource(), new JdbcTransactionManager(database.dataSource())));
    }

    @Test
    void storesTheOuterEventsWhenAnInnerTransactionGotNoConnection() {
        HikariDataSource single = database.otherDataSource();
        single.setMaximumPoolSize(1);
        single.setConnectionTimeout(250);
        Service service = Service.on(single);

        service.inTransaction(() -> {
            service.placeAndPublish("before");
            assertThatExceptionOfType(CannotCreateTransactionException.class)
                    .isThrownBy(() -> service.transaction(PROPAGATION_REQUIRES_NEW)
                            .executeWithoutResult(inner -> service.placeAndPublish("inner")));
            service.placeAndPublish("after");
        });

        assertThat(database.events()).containsExactly("before", "after");
    }
}
