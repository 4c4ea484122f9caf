package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.OutboxTransport;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Parts that do not fit together are refused when the outbox or the relay is built. */
class BuilderMistakeTests {

    @RegisterExtension
    static final Database database = new Database();

    private final DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());

    @Test
    void refusesAnOutboxWithoutDataSource() {
        Refusal.of(() -> Outbox.builder().transactionManager(manager).build(), "dataSource(");
    }

    @Test
    void refusesAnOutboxWithoutTransactionManager() {
        Refusal.of(() -> Outbox.builder().dataSource(database.dataSource()).build(), "transactionManager(");
    }

    @Test
    void refusesAManagerOfAnotherDataSource() {
        refuses(new DataSourceTransactionManager(database.otherDataSource()), "same DataSource bean");
    }

    @Test
    void refusesAManagerWithoutDataSource() {
        refuses(new DataSourceTransactionManager(), "with its DataSource set");
    }

    @Test
    void refusesAManagerThatWorksOnNoDatabaseOfItsOwn() {
        refuses(new DistributedTransactionManager(), "JpaTransactionManager", "DataSourceTransactionManager");
    }

    @Test
    void refusesAManagerThatHidesTheOneThatWorks() {
        refuses(new LoggingTransactionManager(manager), "JpaTransactionManager", "DataSourceTransactionManager");
    }

    @Test
    void refusesAManagerThatNeverSynchronizes() {
        manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
        refuses(manager, "at its default");
    }

    @Test
    void refusesAManagerThatSynchronizesActualTransactionsOnly() {
        manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_ON_ACTUAL_TRANSACTION);
        refuses(manager, "at its default");
    }

    @Test
    void refusesAManagerWhoseListenersCannotBeAddedTo() {
        manager.setTransactionExecutionListeners(List.of());
        refuses(manager, "setTransactionExecutionListeners", "mutable list");
    }

    @Test
    void acceptsTheSameManagerTwice() {
        Outbox outbox = Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .transactionManager(manager)
                .build();
        Service service = new Service(database.dataSource(), manager, outbox);
        service.inTransaction(() -> service.placeAndPublish("1"));

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).containsExactly("1");
    }

    @Test
    void refusesADatabaseThatIsNotSupported() {
        DataSource oracle = Oracle.dataSource();
        Refusal.of(
                () -> Outbox.builder()
                        .dataSource(oracle)
                        .transactionManager(new DataSourceTransactionManager(oracle))
                        .build(),
                "PostgreSQL 14");
    }

    @Test
    void refusesADatabaseThatCannotBeReached() {
        DriverManagerDataSource nobody = new DriverManagerDataSource("jdbc:postgresql://localhost:1/nobody", "a", "b");
        Refusal.of(
                () -> Outbox.builder()
                        .dataSource(nobody)
                        .transactionManager(new DataSourceTransactionManager(nobody))
                        .build(),
                "spring.datasource.url",
                "accepts connections");
    }

    @Test
    void refusesWrongCredentials() {
        try (HikariDataSource stranger = database.address().dataSource()) {
            stranger.setUsername("nobody");
            stranger.setInitializationFailTimeout(1);
            stranger.setConnectionTimeout(250);
            Refusal.of(
                    () -> Outbox.builder()
                            .dataSource(stranger)
                            .transactionManager(new DataSourceTransactionManager(stranger))
                            .build(),
                    "user and password");
        }
    }

    @Test
    void refusesPayloadLimitsOutOfBounds() {
        for (int limit : new int[] {-1, 0, (16 << 20) + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Outbox.builder().maxPayloadBytes(limit))
                    .withMessageContaining("maxPayloadBytes must be between 1 and 16777216, was " + limit);
        }
    }

    @Test
    void refusesAWrongEventClassWhenTheOutboxIsBuilt() {
        Refusal.of(() -> Outbox.builder().events(String.class), "@OutboxEvent(type");
    }

    @Test
    void refusesARelayWithoutDataSourceOrTransport() {
        Refusal.of(() -> OutboxRelay.builder().transport(new Nowhere()).build(), "dataSource(");
        Refusal.of(
                () -> OutboxRelay.builder().dataSource(database.dataSource()).build(),
                "transport(",
                "KafkaOutboxTransport");
    }

    private static void refuses(PlatformTransactionManager wrong, String... fix) {
        Refusal.of(
                () -> Outbox.builder()
                        .dataSource(database.dataSource())
                        .transactionManager(wrong)
                        .build(),
                fix);
        assertThat(database.events()).isEmpty();
    }

    /** As a JTA manager looks to the outbox: it begins and commits, but tells of no DataSource. */
    private static final class DistributedTransactionManager extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }

    /** A decorator, which has no place for listeners. */
    private record LoggingTransactionManager(PlatformTransactionManager target) implements PlatformTransactionManager {
        @Override
        public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
            return target.getTransaction(definition);
        }

        @Override
        public void commit(TransactionStatus status) {
            target.commit(status);
        }

        @Override
        public void rollback(TransactionStatus status) {
            target.rollback(status);
        }
    }

    private static final class Nowhere implements OutboxTransport {
        @Override
        public Session open(String shard) {
            throw new IllegalStateException("nowhere");
        }

        @Override
        public void close() {}
    }
}
