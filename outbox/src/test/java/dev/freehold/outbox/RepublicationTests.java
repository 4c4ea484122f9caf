package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.kafka.Delivery;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import dev.freehold.outbox.test.OutboxDrain;
import dev.freehold.outbox.test.RecordingTransport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** One consumer gets again what it has lost, and the others notice nothing. */
class RepublicationTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Instant START = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(8);

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
    }

    @AfterEach
    void drop() {
        dataSource.close();
        database.drop();
    }

    @Test
    void publishesWhatIsMeantToAnotherTopicInTheOrderOfTheLog() throws SQLException {
        append("orders", START, 100);
        List<StoredEvent> orders = append("orders", START.plusSeconds(10), 1_000);
        append("others", START.plusSeconds(10), 500);
        RecordingTransport transport = new RecordingTransport();
        try (OutboxRelay relay = relay(transport)) {
            relay.start();
            OutboxDrain.now(relay, LIMIT);
            assertThat(transport.sent()).hasSize(1_600);
            transport.clear();

            assertThat(relay.republishSince(START.plusSeconds(5), "orders", "orders-again"))
                    .isEqualTo(1_000);
            assertThat(transport.sent()).allMatch(event -> event.topic().equals("orders-again"));
            assertThat(transport.sent()).extracting(StoredEvent::id).containsExactlyElementsOf(ids(orders));
            assertThat(relay.republishSince(START.plusSeconds(600), "orders", "orders-again"))
                    .isZero();
            assertThat(relay.backlog().events()).isZero();
        }
    }

    /** Of another process, or where nobody is active. */
    @Test
    void needsNoActiveRelay() throws SQLException {
        List<StoredEvent> orders = append("orders", START, 10);
        RecordingTransport transport = new RecordingTransport();
        try (OutboxRelay relay = relay(transport)) {
            assertThat(relay.republishSince(START, "orders", "orders-again")).isEqualTo(10);
            assertThat(transport.sent()).extracting(StoredEvent::id).containsExactlyElementsOf(ids(orders));
        }
    }

    @Test
    void saysWhyItCouldNotFinishAndCanBeginAgain() throws SQLException {
        append("orders", START, 1_000);
        Failing transport = new Failing();
        try (OutboxRelay relay = relay(transport)) {
            assertThatThrownBy(() -> relay.republishSince(START, "orders", "orders-again"))
                    .isInstanceOf(OutboxException.class)
                    .hasMessageContainingAll("orders-again", "no broker", "begin again");
            transport.failing = false;
            assertThat(relay.republishSince(START, "orders", "orders-again")).isEqualTo(1_000);
            transport.obstacle = "there is no such topic";
            assertThatThrownBy(() -> relay.republishSince(START, "orders", "orders-again"))
                    .isInstanceOf(OutboxException.class)
                    .hasMessageContaining("there is no such topic");
        }
    }

    @Test
    void refusesTopicsThatAreNone() {
        try (OutboxRelay relay = relay(new RecordingTransport())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> relay.republishSince(START, "orders", "no topic"))
                    .withMessageContaining("topic must be 1 to 249 letters");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> relay.republishSince(START, "orders", "orders"))
                    .withMessageContaining("another topic");
        }
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void publishesToKafkaBesideTheRelay(Delivery delivery) throws SQLException {
        String topic = KafkaServer.shared().createTopic(1);
        String other = KafkaServer.shared().createTopic(1);
        List<StoredEvent> events = append(topic, START, 3_000);
        KafkaOutboxTransport transport = new KafkaOutboxTransport(
                Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers()), "/again-" + topic, delivery);
        try (OutboxRelay relay = relay(transport)) {
            relay.start();
            OutboxDrain.now(relay, LIMIT);
            assertThat(relay.republishSince(START, topic, other)).isEqualTo(3_000);
            append(topic, START, 10);
            OutboxDrain.now(relay, LIMIT);
        }
        assertThat(read(other, 3_000))
                .containsExactlyElementsOf(
                        ids(events).stream().map(UUID::toString).toList());
        assertThat(read(topic, 3_010)).hasSize(3_010);
    }

    private static List<String> read(String topic, int messages) {
        List<String> ids = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        KafkaServer.shared().bootstrapServers(),
                        "isolation.level",
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(LIMIT).until(() -> {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofMillis(100))) {
                    ids.add(new String(
                            read.headers().lastHeader("ce_id").value(), java.nio.charset.StandardCharsets.UTF_8));
                }
                return ids.size() >= messages;
            });
        }
        return ids;
    }

    private OutboxRelay relay(OutboxTransport transport) {
        return OutboxRelay.builder()
                .dataSource(dataSource)
                .transport(transport)
                .settings(RelaySettings.defaults().withBatch(100, 1 << 20))
                .build();
    }

    private List<StoredEvent> append(String topic, Instant time, int number) throws SQLException {
        List<StoredEvent> events = IntStream.range(0, number)
                .mapToObj(n -> new StoredEvent(
                        UUID.randomUUID(), topic, "k" + n % 7, "type", 1, new byte[] {'{', '}'}, null, time))
                .toList();
        try (Connection connection = dataSource.getConnection()) {
            new PostgresOutboxStore(dataSource).append(connection, events, List.of());
        }
        return events;
    }

    private static List<UUID> ids(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::id).toList();
    }

    /** Fails as long as it is told to, after some. */
    private static final class Failing implements OutboxTransport, OutboxTransport.Session {

        volatile boolean failing = true;
        volatile String obstacle = "";
        private int sent;

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public Optional<String> obstacle(StoredEvent event) {
            return obstacle.isEmpty() ? Optional.empty() : Optional.of(obstacle);
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            sent += events.size();
            return failing && sent > 500
                    ? CompletableFuture.failedFuture(new IllegalStateException("no broker"))
                    : CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            sent = 0;
        }
    }
}
