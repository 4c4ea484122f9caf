package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxToKafkaTests {

    @OutboxEvent(type = "orders.order-placed", topic = "orders")
    record OrderPlaced(@EventKey UUID orderId, long amount) {}

    @Test
    void smoke() throws Exception {
        TestDatabase db = PostgresServer.shared().createDatabase();
        try (KafkaProcess kafka = new KafkaProcess().start();
                HikariDataSource ds = db.dataSource()) {
            kafka.admin()
                    .createTopics(List.of(new NewTopic("orders", 3, (short) 1)))
                    .all()
                    .get();
            new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                    .execute(ds);
            DataSourceTransactionManager tm = new DataSourceTransactionManager(ds);
            OutboxRelay relay = OutboxRelay.builder()
                    .dataSource(ds)
                    .transport(
                            new KafkaOutboxTransport(Map.of("bootstrap.servers", kafka.bootstrapServers()), "/orders"))
                    .build();
            Outbox outbox = Outbox.builder()
                    .dataSource(ds)
                    .transactionManager(tm)
                    .afterCommit(relay::wakeUp)
                    .build();
            relay.start();
            TransactionTemplate tx = new TransactionTemplate(tm);
            List<ConsumerRecord<String, String>> got = new ArrayList<>();
            try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers",
                            kafka.bootstrapServers(),
                            "group.id",
                            "g",
                            "auto.offset.reset",
                            "earliest"),
                    new StringDeserializer(),
                    new StringDeserializer())) {
                consumer.subscribe(List.of("orders"));
                UUID id = UUID.randomUUID();
                for (int i = 0; i < 200; i++) {
                    int n = i;
                    tx.executeWithoutResult(s -> {
                        outbox.publish(new OrderPlaced(id, n));
                        if (n % 10 == 0) {
                            s.setRollbackOnly();
                        }
                    });
                    consumer.poll(Duration.ZERO).forEach(got::add);
                }
                tx.executeWithoutResult(s -> {
                    for (int i = 0; i < 20_000; i++) outbox.publish(new OrderPlaced(id, 1000 + i));
                });
                long t = System.nanoTime();
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    consumer.poll(Duration.ofMillis(100)).forEach(got::add);
                    return got.size() >= 20_180;
                });
                System.out.println((System.nanoTime() - t) / 1e6 + " ms");
            }
            assertThat(got).hasSize(20_180);
            System.out.println(got.get(0));
            relay.close();
        }
    }
}
