package dev.freehold.outbox.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.RelaySettings;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** What the broker refuses holds back what came after it, is told by name, and goes out once it is accepted. */
class RefusedRecordTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String INSERT = """
            INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, version, payload, created_at)
            VALUES (?, ?, ?, 'test.type', 1, convert_to(?, 'UTF8'), now())
            """;

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final KafkaServer kafka = KafkaServer.shared();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private OutboxRelay relay = relay();

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
        logged.start();
        relayLogger().addAppender(logged);
    }

    @AfterEach
    void stop() {
        relay.close();
        relayLogger().detachAppender(logged);
        dataSource.close();
        database.drop();
    }

    @Test
    void neverLetsALaterRecordOfTheKeyOvertakeARefusedOne() throws Exception {
        String topic = "small-" + UUID.randomUUID();
        kafka.createTopic(topic, 1, Map.of("max.message.bytes", "2000"));
        insert(topic, "key", "1" + "x".repeat(5_000));
        for (int n = 2; n <= 50; n++) {
            insert(topic, "key", n + " small");
        }
        relay.start();
        awaitLogged("cannot publish");
        awaitLogged("attempt 3");
        assertThat(read(topic, Duration.ofSeconds(1))).isEmpty();

        allow(topic, 10_000);
        List<String> values = new ArrayList<>();
        await().atMost(LIMIT).until(() -> {
            values.clear();
            values.addAll(read(topic, Duration.ofMillis(500)));
            return values.stream().anyMatch(value -> value.startsWith("50 "));
        });
        assertThat(values.stream().map(value -> value.replaceAll("[x ].*", "")).distinct())
                .containsExactlyElementsOf(java.util.stream.IntStream.rangeClosed(1, 50)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    /** However long the relay takes to notice. */
    @Test
    void sendsNothingBehindARefusedRecordBeforeTheSessionIsClosed() throws Exception {
        String topic = "refusing-" + UUID.randomUUID();
        kafka.createTopic(topic, 1, Map.of("max.message.bytes", "2000"));
        List<StoredEvent> events = new ArrayList<>(List.of(event(topic, "1" + "x".repeat(5_000))));
        for (int n = 2; n <= 50; n++) {
            events.add(event(topic, n + " small"));
        }
        Map<String, Object> eachInARequestOfItsOwn =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "batch.size", 1);
        try (KafkaOutboxTransport transport = new KafkaOutboxTransport(eachInARequestOfItsOwn, "/tests")) {
            OutboxTransport.Session session = transport.open("0");
            CompletableFuture<Void> sent = session.send(events, new OutboxTransport.Mark(1, "-"));
            await().atMost(LIMIT).until(sent::isDone);

            assertThat(sent).isCompletedExceptionally();
            assertThat(read(topic, Duration.ofSeconds(2))).isEmpty();
            session.close();
        }
    }

    @Test
    void namesAMissingTopicAndGoesOnWhenItIsCreated() throws Exception {
        String present = kafka.createTopic(1);
        String missing = "missing-" + UUID.randomUUID();
        for (int n = 1; n <= 30; n++) {
            insert(present, "before", "before " + n);
        }
        insert(missing, "key", "late");
        insert(present, "after", "after");
        relay.start();
        awaitLogged("Kafka has no topic '" + missing + "'");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(read(present, Duration.ofMillis(500)))
                        .contains("before 30")
                        .doesNotContain("after"));
        awaitLogged("attempt 4");
        int receipts = read(present, Duration.ofSeconds(1)).size();
        awaitLogged("attempt 5");
        assertThat(read(present, Duration.ofSeconds(1)))
                .as("what went out before it is not sent again with every attempt")
                .hasSize(receipts);

        kafka.createTopic(missing, 1, Map.of());
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(read(missing, Duration.ofMillis(500))).containsExactly("late");
            assertThat(read(present, Duration.ofMillis(500))).contains("after");
        });
    }

    private OutboxRelay relay() {
        return OutboxRelay.builder()
                .dataSource(dataSource)
                .transport(new KafkaOutboxTransport(Map.of("bootstrap.servers", kafka.bootstrapServers()), "/test"))
                .settings(new RelaySettings(
                        100,
                        1 << 20,
                        4,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofDays(7)))
                .build();
    }

    private static StoredEvent event(String topic, String payload) {
        return new StoredEvent(
                UUID.randomUUID(), topic, "key", "test.type", 1, payload.getBytes(UTF_8), null, Instant.now());
    }

    private void insert(String topic, String key, String payload) {
        JdbcClient.create(dataSource)
                .sql(INSERT)
                .param(UUID.randomUUID())
                .param(topic)
                .param(key)
                .param(payload)
                .update();
    }

    private void allow(String topic, int bytes) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp raise = new AlterConfigOp(
                new ConfigEntry("max.message.bytes", String.valueOf(bytes)), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(raise)))
                    .all()
                    .get();
        }
    }

    private List<String> read(String topic, Duration patience) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new org.apache.kafka.common.TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long deadline = System.nanoTime() + patience.toNanos();
            while (values.size() < end || System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(50)).forEach(read -> values.add(read.value()));
            }
        }
        return values;
    }

    private void awaitLogged(String text) {
        await().atMost(LIMIT).until(() -> List.copyOf(logged.list).stream().anyMatch(event -> mentions(event, text)));
    }

    private static boolean mentions(ILoggingEvent event, String text) {
        return event.getFormattedMessage().contains(text)
                || (event.getThrowableProxy() != null
                        && String.valueOf(event.getThrowableProxy().getMessage())
                                .contains(text));
    }

    private static Logger relayLogger() {
        return (Logger) LoggerFactory.getLogger(OutboxRelay.class);
    }
}
