package dev.freehold.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.ParkedEvents.Selection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does to parked events, while a relay runs. */
abstract class ParkedEventsContract {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final OutboxDatabase database;
    private final HikariDataSource dataSource;
    private final Choosy transport = new Choosy();
    private ParkedEvents parked;
    private OutboxRelay relay;

    ParkedEventsContract(OutboxDatabase database) {
        this.database = database;
        this.dataSource = database.dataSource();
    }

    @BeforeEach
    void start() {
        parked = ParkedEvents.of(dataSource);
        relay = OutboxRelay.builder()
                .dataSource(dataSource)
                .transport(transport)
                .settings(RelaySettings.defaults()
                        .withPollInterval(Duration.ofMillis(50))
                        .withMaxBackoff(Duration.ofSeconds(1), Duration.ofHours(1))
                        .withDeadLetterTypes(Set.of("audit")))
                .build();
        relay.start();
    }

    @AfterEach
    void stop() {
        relay.close();
        database.close();
    }

    @Test
    void tellsWhatIsParkedAndWhy() throws SQLException {
        transport.refused.add("a1");
        append("orders", "a", "order", "a1", "a2");
        append("orders", "b", "order", "b1");
        awaitSent("b1");

        assertThat(parked.keys(10)).singleElement().satisfies(key -> {
            assertThat(key.topic()).isEqualTo("orders");
            assertThat(key.key()).isEqualTo("a");
            assertThat(key.waiting()).isEqualTo(2);
            assertThat(key.cause()).isEqualTo("a1 is refused");
            assertThat(key.nextAttemptAt()).isNotNull();
        });
        assertThat(parked.find(Selection.all(), 10))
                .extracting(ParkedEvents.Event::cause)
                .containsExactly("a1 is refused", null);
        assertThat(parked.find(Selection.key("orders", "b"), 10)).isEmpty();
        assertThat(relay.backlog()).satisfies(backlog -> {
            assertThat(backlog.parkedKeys()).isEqualTo(1);
            assertThat(backlog.parkedEvents()).isEqualTo(2);
            assertThat(backlog.deadLetters()).isZero();
        });
        assertThat(relay.status().parked()).isEqualTo(2);
    }

    @Test
    void replaysAKeyInOrderAtOnce() throws SQLException {
        transport.refused.add("a1");
        append("orders", "a", "order", "a1", "a2", "a3");
        awaitParked(3);
        awaitAttempts(1);
        transport.refused.clear();

        UUID last = parked.find(Selection.all(), 10).get(2).id();
        assertThat(parked.replay(Selection.id(last))).isEqualTo(1);
        awaitSent("a1", "a2", "a3");
        await().atMost(LIMIT).until(() -> parked.keys(10).isEmpty());
        append("orders", "a", "order", "a4");
        awaitSent("a1", "a2", "a3", "a4");
    }

    @Test
    void discardsAnEventAndLetsThoseBehindItGo() throws SQLException {
        transport.refused.add("a1");
        append("orders", "a", "order", "a1", "a2", "a3");
        awaitParked(3);
        UUID first = parked.find(Selection.all(), 1).get(0).id();

        assertThat(parked.discard(Selection.id(first))).isEqualTo(1);
        awaitSent("a2", "a3");
        await().atMost(LIMIT).until(() -> parked.keys(10).isEmpty());
    }

    @Test
    void sendsEventsToAnotherTopicBehindWhatIsParkedThere() throws SQLException {
        transport.refused.addAll(Set.of("a1", "z1"));
        append("order", "a", "order", "a1", "a2");
        append("orders", "a", "order", "z1");
        awaitParked(3);
        transport.refused.clear();

        assertThat(parked.redirect(Selection.topic("order"), "orders")).isEqualTo(2);
        await().atMost(LIMIT).until(() -> transport.sent().size() == 3);
        assertThat(transport.sent).extracting(StoredEvent::topic).containsOnly("orders");
        assertThat(transport.sent()).containsSubsequence("a1", "a2");
        await().atMost(LIMIT).until(() -> parked.keys(10).isEmpty());
    }

    @Test
    void correctsTheTypeOfEvents() throws SQLException {
        transport.refused.add("a1");
        append("orders", "a", "ordre", "a1");
        append("orders", "b", "order", "b1");
        awaitParked(1);
        transport.refused.clear();

        assertThat(parked.retype(Selection.all().ofType("ordre"), "order", 2)).isEqualTo(1);
        parked.replay(Selection.all());
        await().atMost(LIMIT).until(() -> transport.sent().contains("a1"));
        assertThat(transport.sent)
                .filteredOn(event -> event.version() == 2)
                .extracting(StoredEvent::type)
                .containsExactly("order");
    }

    @Test
    void publishesADeadLetterAfterAll() throws SQLException {
        transport.refused.add("a1");
        append("orders", "a", "audit", "a1", "a2");
        awaitSent("a2");
        assertThat(relay.backlog().deadLetters()).isEqualTo(1);
        assertThat(parked.keys(10)).isEmpty();
        transport.refused.clear();

        assertThat(parked.replay(Selection.topic("orders").ofType("audit"))).isEqualTo(1);
        awaitSent("a2", "a1");
        await().atMost(LIMIT)
                .until(() ->
                        relay.backlog().deadLetters() == 0 && parked.keys(10).isEmpty());
    }

    @Test
    void selectsByTimeOfPublication() throws SQLException {
        transport.refused.add("a1");
        append("orders", "a", "order", "a1", "a2");
        awaitParked(2);
        Instant now = Instant.now();

        assertThat(parked.find(Selection.all().between(now.minusSeconds(600), now.plusSeconds(600)), 10))
                .hasSize(2);
        assertThat(parked.find(Selection.all().between(now.plusSeconds(600), now.plusSeconds(700)), 10))
                .isEmpty();
        assertThat(parked.discard(Selection.all().between(now.minusSeconds(900), now.minusSeconds(600))))
                .isZero();
    }

    @Test
    void findsKeysByTopicKeyAndTheirEvents() throws SQLException {
        transport.refused.addAll(List.of("a1", "b1"));
        append("orders", "a", "order", "a1", "a2");
        append("other", "b", "audited", "b1");
        awaitParked(3);

        assertThat(parked.keys(Selection.topic("orders"), 10))
                .extracting(ParkedEvents.Key::key)
                .containsExactly("a");
        assertThat(parked.keys(Selection.key("orders", "b"), 10)).isEmpty();
        assertThat(parked.keys(Selection.all().ofType("audited"), 10))
                .extracting(ParkedEvents.Key::key)
                .containsExactly("b");
        assertThat(parked.keys(Selection.id(UUID.randomUUID()), 10)).isEmpty();
        assertThat(parked.keys(Selection.all(), 1)).hasSize(1);
    }

    @Test
    void holdsAKeyBackAndLetsItGo() throws SQLException {
        parked.pause("orders", "a", "the consumer is being mended");
        awaitNoticed();
        append("orders", "a", "order", "a1", "a2");
        append("orders", "b", "order", "b1");
        awaitSent("b1");
        awaitParked(2);
        assertThat(parked.keys(10)).singleElement().satisfies(key -> {
            assertThat(key.cause()).contains("the consumer is being mended");
            assertThat(key.nextAttemptAt()).isNull();
        });

        parked.resume("orders", "a");
        awaitSent("b1", "a1", "a2");
    }

    @Test
    void holdsATopicBackAndLetsItGo() throws SQLException {
        parked.pause("orders", "the consumer is being mended");
        awaitNoticed();
        append("orders", "a", "order", "a1", "a2");
        append("other", "a", "order", "o1");
        awaitSent("o1");
        awaitParked(2);
        await().during(Duration.ofSeconds(2))
                .atMost(LIMIT)
                .until(() -> transport.sent().size() == 1);
        assertThat(parked.keys(Selection.key("orders", "a"), 10))
                .singleElement()
                .satisfies(key -> {
                    assertThat(key.cause()).isEqualTo("its topic is paused");
                    assertThat(key.nextAttemptAt()).isNull();
                });

        parked.resume("orders");
        awaitSent("o1", "a1", "a2");
        await().atMost(LIMIT).until(() -> parked.keys(10).isEmpty());
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parked.redirect(Selection.all(), "no topic"))
                .withMessageContaining("topic must be 1 to 249 letters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parked.retype(Selection.all(), "order", 0))
                .withMessage("version must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parked.pause("orders", "", "reason"))
                .withMessageContaining("key must not be empty");
    }

    /** The relay learns of a pause when it renews its lease, or notes its progress. */
    private void awaitNoticed() throws SQLException {
        append("probe", "probe", "order", "probe");
        awaitSent("probe");
        await().atMost(LIMIT).until(() -> relay.backlog().events() == 0);
        transport.sent.clear();
    }

    private void append(String topic, String key, String type, String... payloads) throws SQLException {
        OutboxStore store = database.store();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            for (String payload : payloads) {
                StoredEvent event = new StoredEvent(
                        UUID.randomUUID(), topic, key, type, 1, payload.getBytes(UTF_8), null, Instant.now());
                store.append(connection, List.of(event), List.of());
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
        relay.wakeUp();
    }

    private void awaitSent(String... payloads) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(transport.sent()).containsExactly(payloads));
    }

    private void awaitParked(int events) {
        await().atMost(LIMIT).until(() -> parked.find(Selection.all(), 100).size() == events);
    }

    private void awaitAttempts(int attempts) {
        await().atMost(LIMIT).until(() -> parked.keys(1).get(0).attempts() >= attempts);
    }

    /** Refuses what it is told to. */
    private static final class Choosy implements OutboxTransport, OutboxTransport.Session {

        final Set<String> refused = ConcurrentHashMap.newKeySet();
        final ConcurrentLinkedQueue<StoredEvent> sent = new ConcurrentLinkedQueue<>();

        List<String> sent() {
            return sent.stream().map(Choosy::payload).toList();
        }

        private static String payload(StoredEvent event) {
            return new String(event.payload(), UTF_8);
        }

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public Optional<String> obstacle(StoredEvent event) {
            return refused.contains(payload(event)) ? Optional.of(payload(event) + " is refused") : Optional.empty();
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            sent.addAll(events);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
