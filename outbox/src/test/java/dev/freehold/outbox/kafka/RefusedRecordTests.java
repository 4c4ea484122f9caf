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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** What is refused holds back what comes after it in its key and nothing else, and goes out once it is accepted. */
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
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private @Nullable OutboxRelay relay;

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
        logged.start();
        relayLogger().addAppender(logged);
    }

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
        relayLogger().detachAppender(logged);
        dataSource.close();
        database.drop();
    }

    @ParameterizedTest
    @EnumSource
    void parksTheKeyOfAnEventThatIsTooLargeUntilItFits(Delivery delivery) throws Exception {
        String topic = kafka.createTopic("small-" + UUID.randomUUID(), 1, Map.of("max.message.bytes", "3000"));
        insertOneTooLarge(topic);
        start(delivery, Map.of());

        expectParkedUntilAllowed(topic);
    }

    /** With compression only the broker knows whether it is too large. */
    @ParameterizedTest
    @EnumSource
    void parksTheKeyOfAnEventThatTheBrokerRefuses(Delivery delivery) throws Exception {
        String topic = kafka.createTopic("small-" + UUID.randomUUID(), 1, Map.of("max.message.bytes", "3000"));
        insertOneTooLarge(topic);
        start(delivery, Map.of("compression.type", "gzip"));

        expectParkedUntilAllowed(topic);
    }

    private void insertOneTooLarge(String topic) {
        for (int n = 1; n <= 20; n++) {
            insert(topic, "before", "before " + n);
        }
        insert(topic, "key", "1 " + incompressible(6_000));
        for (int n = 2; n <= 250; n++) {
            insert(topic, "key", n + " small");
            insert(topic, "other", "other " + n);
        }
    }

    private void expectParkedUntilAllowed(String topic) throws Exception {
        awaitLogged("Parked key 'key' of topic " + topic);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(distinct(read(topic)))
                        .hasSize(269)
                        .allMatch(value -> value.startsWith("before ") || value.startsWith("other ")));
        insert(topic, "key", "251 small");
        await().atMost(LIMIT).until(() -> parkedEvents() == 251);
        await().atMost(LIMIT).until(() -> attempts() >= 2);

        allow(topic, 10_000);
        await().atMost(LIMIT).until(() -> parkedEvents() == 0 && attempts() == -1);
        insert(topic, "key", "252 small");
        await().atMost(LIMIT).until(() -> read(topic).contains("252 small"));
        assertThat(distinct(read(topic)).stream()
                        .filter(value -> !value.startsWith("before ") && !value.startsWith("other "))
                        .map(value -> value.replaceAll(" .*", "")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 252).mapToObj(String::valueOf).toList());
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
            assertThat(read(topic)).isEmpty();
            session.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void parksKeysWhoseTopicIsMissingAndGoesOnWhenItIsCreated(Delivery delivery) throws Exception {
        String present = kafka.createTopic(1);
        String missing = "missing-" + UUID.randomUUID();
        for (int n = 1; n <= 300; n++) {
            insert(present, "present", "present " + n);
            insert(missing, "key-" + n % 7, "late " + n);
        }
        start(delivery, Map.of());
        awaitLogged("Kafka has no topic '" + missing + "'");
        await().atMost(LIMIT).until(() -> read(present).size() == 300);
        assertThat(parkedEvents()).isEqualTo(300);

        kafka.createTopic(missing, 1, Map.of());
        await().atMost(LIMIT).until(() -> parkedEvents() == 0 && attempts() == -1);
        List<String> late = read(missing);
        for (int key = 0; key < 7; key++) {
            int own = key;
            assertThat(late.stream().filter(value -> number(value) % 7 == own))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 300)
                            .filter(n -> n % 7 == own)
                            .mapToObj(n -> "late " + n)
                            .toList());
        }
    }

    @Test
    void putsDeadLettersAsideAndLetsTheirKeyGoOn() throws Exception {
        String topic = kafka.createTopic("small-" + UUID.randomUUID(), 1, Map.of("max.message.bytes", "3000"));
        insertOneTooLarge(topic);
        relay = relay(Delivery.AT_LEAST_ONCE, Map.of(), Set.of("test.type"));
        relay.start();

        awaitLogged("Put aside event");
        await().atMost(LIMIT).until(() -> read(topic).contains("250 small"));
        assertThat(distinct(read(topic))).hasSize(20 + 249 * 2).noneMatch(value -> value.startsWith("1 "));
        assertThat(parkedEvents()).isEqualTo(1);
        assertThat(attempts()).as("no key is parked").isEqualTo(-1);
    }

    @Test
    void putsAsideWhatTheBrokerRefusesToo() throws Exception {
        String topic = kafka.createTopic("small-" + UUID.randomUUID(), 1, Map.of("max.message.bytes", "3000"));
        insertOneTooLarge(topic);
        relay = relay(Delivery.AT_LEAST_ONCE, Map.of("compression.type", "gzip"), Set.of("test.type"));
        relay.start();

        awaitLogged("Put aside event");
        await().atMost(LIMIT).until(() -> read(topic).contains("250 small"));
        assertThat(distinct(read(topic))).hasSize(20 + 249 * 2).noneMatch(value -> value.startsWith("1 "));
        assertThat(parkedEvents()).isEqualTo(1);
    }

    private void start(Delivery delivery, Map<String, String> producer) {
        relay = relay(delivery, producer, Set.of());
        relay.start();
    }

    private OutboxRelay relay(Delivery delivery, Map<String, String> producer, Set<String> deadLetterTypes) {
        Map<String, Object> properties = new HashMap<>(producer);
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return OutboxRelay.builder()
                .dataSource(dataSource)
                .transport(new KafkaOutboxTransport(properties, "/" + UUID.randomUUID(), delivery))
                .settings(RelaySettings.defaults()
                        .withBatch(100, 1 << 20)
                        .withPollInterval(Duration.ofMillis(100))
                        .withMaxBackoff(Duration.ofMillis(300), Duration.ofMillis(300))
                        .withDeadLetterTypes(deadLetterTypes))
                .build();
    }

    private long parkedEvents() {
        return jdbc.sql("SELECT count(*) FROM outbox_parked").query(Long.class).single();
    }

    /** Highest number of attempts with a parked key, or -1 if none is parked. */
    private long attempts() {
        return jdbc.sql("SELECT coalesce(max(attempts), -1) FROM outbox_parked_key")
                .query(Long.class)
                .single();
    }

    private static int number(String value) {
        return Integer.parseInt(value.substring(value.indexOf(' ') + 1));
    }

    private static List<String> distinct(List<String> values) {
        return values.stream().distinct().toList();
    }

    private static String incompressible(int length) {
        return ThreadLocalRandom.current()
                .ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
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

    /** What a reader of committed records sees now. */
    private List<String> read(String topic) {
        List<String> values = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
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
