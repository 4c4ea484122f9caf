package dev.freehold.outbox.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxListener;
import dev.freehold.inbox.InboxMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;

/** The server ends connections in the middle of transactions, as one does that is restarted again and again. */
class BrokenConnectionTests {

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource pool = database.dataSource(4);

    @AfterEach
    void drop() {
        pool.close();
        database.drop();
    }

    @Test
    void parksNothingWhenConnectionsEndWhileAMessageIsHandled() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql")).execute(pool);
        Inbox inbox = Inbox.builder()
                .dataSource(pool)
                .transactionManager(new JdbcTransactionManager(pool))
                .build();
        InboxConsumer consumer = inbox.consumers("booking", List.of(new Booking(JdbcClient.create(pool))))
                .iterator()
                .next();
        InboxMessage message = new InboxMessage(
                new EventContext(
                        UUID.randomUUID(),
                        "ledger.entry",
                        1,
                        "",
                        "account",
                        Instant.EPOCH,
                        Ledger.TOPIC,
                        0,
                        0,
                        Map.of()),
                "{\"account\":\"account\",\"sequence\":1}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> consumer.handle(List.of(message))).isInstanceOf(TransactionException.class);
        assertThat(consumer.parkedKeys()).isEmpty();
    }

    /** Loses its connection each time. */
    record Booking(JdbcClient jdbc) {

        @InboxListener(topic = Ledger.TOPIC, type = "ledger.entry")
        void on(Ledger.Entry entry) {
            jdbc.sql("SELECT pg_terminate_backend(pg_backend_pid())").query().singleValue();
        }
    }
}
