package dev.freehold.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.kafka.KafkaInbox;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Outbox, relay and inbox put together by hand, as the outbox's README shows it. */
class WithoutBootTests {

    @OutboxEvent(type = "orders.order-placed", topic = "orders")
    record OrderPlaced(@EventKey UUID orderId) {}

    record Billing(List<UUID> billed) {

        @InboxListener(topic = "orders")
        void on(OrderPlaced event, EventContext context) {
            billed.add(event.orderId());
        }
    }

    @Test
    void carriesAnEventFromATransactionToAListener() {
        TestDatabase database = PostgresServer.shared().createDatabase();
        Billing billing = new Billing(new CopyOnWriteArrayList<>());
        UUID order = UUID.randomUUID();
        try (KafkaProcess kafka = new KafkaProcess().start();
                HikariDataSource dataSource = database.dataSource()) {
            kafka.createTopic("orders", 2, Map.of());
            new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                    .execute(dataSource);
            run(dataSource, kafka.bootstrapServers(), billing, order);
        }
        assertThat(billing.billed()).containsExactly(order);
        database.drop();
    }

    private static void run(HikariDataSource dataSource, String bootstrapServers, Billing billing, UUID order) {
        JdbcTransactionManager transactionManager = new JdbcTransactionManager(dataSource);
        OutboxRelay relay = OutboxRelay.builder()
                .dataSource(dataSource)
                .transport(new KafkaOutboxTransport(Map.of("bootstrap.servers", bootstrapServers), "/billing"))
                .build();
        Outbox outbox = Outbox.builder()
                .dataSource(dataSource)
                .transactionManager(transactionManager)
                .afterCommit(relay::wakeUp)
                .build();
        relay.start();

        Inbox inbox = Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(transactionManager)
                .build();
        KafkaInbox kafkaInbox = new KafkaInbox(
                Map.of("bootstrap.servers", bootstrapServers), inbox.consumers("billing", List.of(billing)), 1);
        kafkaInbox.start();

        new TransactionTemplate(transactionManager)
                .executeWithoutResult(status -> outbox.publish(new OrderPlaced(order)));
        await().atMost(Duration.ofMinutes(1)).until(() -> !billing.billed().isEmpty());
        kafkaInbox.stop();
        relay.close();
    }
}
