package dev.freehold.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.ParkedStore.Parking;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Parked events with a transport that keeps marks: published once, wherever the relay dies. */
class ParkedLaneTests {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final TopicKey KEY = new TopicKey("topic", "key");

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final PostgresOutboxStore store = new PostgresOutboxStore(dataSource);
    private final Marking transport = new Marking();

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

    /** The owner before died between the acknowledgement and the removal. */
    @Test
    void doesNotSendAgainWhatTheMarkSaysIsPublished() throws SQLException {
        Lease lease = park("1", "2", "3");
        UUID first = store.parked().waiting(KEY, 1).get(0).id();
        transport.kept = new OutboxTransport.Mark(1, lease.history() + " " + ParkedLane.text(first));

        runUntilNothingIsParked(lease);
        assertThat(transport.sent()).containsExactly("2", "3");
    }

    /** Numbers of a restored database may be others' by now. */
    @Test
    void heedsNoMarkOfAnotherHistory() throws SQLException {
        Lease lease = park("1", "2", "3");
        UUID first = store.parked().waiting(KEY, 1).get(0).id();
        transport.kept = new OutboxTransport.Mark(1, "another/1/2 " + ParkedLane.text(first));

        runUntilNothingIsParked(lease);
        assertThat(transport.sent()).containsExactly("1", "2", "3");
    }

    @Test
    void marksWhatItSendsWithItsNumbers() throws SQLException {
        Lease lease = park("1", "2");
        String ids = store.parked().waiting(KEY, 10).stream()
                .map(waiting -> ParkedLane.text(waiting.id()))
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();

        runUntilNothingIsParked(lease);
        assertThat(transport.kept.progress()).isEqualTo(lease.history() + " " + ids);
        assertThat(transport.kept.number()).isGreaterThan(lease.epoch() << 32);
    }

    /** Its shard's keys go to others, who do not know its mark. */
    @Test
    void forgetsWhatIsPublishedBeforeItLeavesItsKeysToOthers() throws SQLException {
        Lease lease = park("1", "2", "3");
        UUID first = store.parked().waiting(KEY, 1).get(0).id();
        transport.kept = new OutboxTransport.Mark(1, lease.history() + " " + ParkedLane.text(first));

        try (ParkedLane lane = new ParkedLane(
                "test", store.parked(), transport, RelaySettings.defaults(), lease, new RelayCounters())) {
            lane.settle();
        }
        assertThat(store.parked().waiting(KEY, 10))
                .extracting(waiting -> new String(waiting.payload(), UTF_8))
                .containsExactly("2", "3");
    }

    /** It would open a session that nobody closes, in which a former owner could still send. */
    @Test
    void triesNoOtherKeyWhenItIsClosed() throws Exception {
        Lease lease = park("1");
        for (int n = 0; n < 5; n++) {
            store.parked().parkKey(lease, new TopicKey("topic", "other-" + n), "refused", Duration.ZERO);
        }
        CountDownLatch closing = new CountDownLatch(1);
        transport.beforeAnObstacle = () -> awaitUninterruptibly(closing);
        ParkedLane lane =
                new ParkedLane("test", store.parked(), transport, RelaySettings.defaults(), lease, new RelayCounters());
        lane.wakeUp();
        await().atMost(LIMIT).until(() -> transport.asked.get() == 1);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(lane::close);
        await().atMost(LIMIT).until(() -> transport.closed.get() == 1);
        closing.countDown();
        closed.join();

        assertThat(transport.opened).hasValue(1);
        assertThat(transport.asked).hasValue(1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void runUntilNothingIsParked(Lease lease) {
        RelaySettings settings = RelaySettings.defaults();
        try (ParkedLane lane =
                new ParkedLane("test", store.parked(), transport, settings, lease, new RelayCounters())) {
            lane.wakeUp();
            await().atMost(LIMIT).until(() -> !store.parked().hasParkedKeys());
        }
        assertThat(transport.shard).isEqualTo("0-parked");
    }

    private Lease park(String... payloads) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            store.append(
                    connection,
                    Arrays.stream(payloads)
                            .map(payload -> new StoredEvent(
                                    UUID.randomUUID(),
                                    "topic",
                                    "key",
                                    "type",
                                    1,
                                    payload.getBytes(UTF_8),
                                    null,
                                    Instant.EPOCH))
                            .toList(),
                    List.of());
        }
        Lease lease = TestLeases.acquire(store, "relay", LEASE).orElseThrow();
        Page page = store.readAgain(lease.noted(), new PageLimit(100, 1 << 20, null));
        store.parked()
                .park(
                        lease,
                        Arrays.stream(page.positions())
                                .limit(payloads.length)
                                .mapToObj(position -> new Parking(position, KEY, false, "refused"))
                                .toList(),
                        Duration.ZERO);
        assertThat(store.save(lease, page.next(), LEASE)).isPresent();
        return lease;
    }

    /** Keeps the last mark, as Kafka does. */
    private static final class Marking implements OutboxTransport, OutboxTransport.Session {

        private final ConcurrentLinkedQueue<StoredEvent> sent = new ConcurrentLinkedQueue<>();
        volatile Mark kept = new Mark(0, "");
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        volatile Runnable beforeAnObstacle = () -> {};
        volatile String shard = "";

        List<String> sent() {
            return sent.stream()
                    .map(event -> new String(event.payload(), UTF_8))
                    .toList();
        }

        @Override
        public Session open(String name) {
            shard = name;
            opened.incrementAndGet();
            return this;
        }

        @Override
        public Optional<String> obstacle(StoredEvent event) {
            asked.incrementAndGet();
            beforeAnObstacle.run();
            return Optional.empty();
        }

        @Override
        public Optional<Mark> mark() {
            return Optional.of(kept);
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            sent.addAll(events);
            kept = mark;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
