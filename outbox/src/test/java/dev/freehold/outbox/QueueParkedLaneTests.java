package dev.freehold.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.outbox.ParkedStore.Parking;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Parked events of a queue with a transport that keeps marks. */
class QueueParkedLaneTests {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final TopicKey KEY = new TopicKey("topic", "key");

    /** Kafka has the mark of a database that was made anew, or restored: numbers are others' by now. */
    @Test
    void losesNothingThatHasTheNumberOfWhatWasPublishedOutOfAnotherDatabase() throws SQLException {
        Marking transport = new Marking();
        try (OutboxDatabase before = OutboxDatabase.h2(4)) {
            publishParked(before, transport, "before");
        }
        try (OutboxDatabase after = OutboxDatabase.h2(4)) {
            publishParked(after, transport, "after");
        }
        assertThat(transport.sent).containsExactly("before", "after");
    }

    private static void publishParked(OutboxDatabase database, Marking transport, String payload) throws SQLException {
        OutboxStore store = database.store();
        RelaySettings settings = RelaySettings.defaults();
        Lease lease = park(database, store, payload);
        try (ParkedLane lane =
                new ParkedLane("test", store.parked(), transport, settings, lease, new RelayCounters())) {
            lane.wakeUp();
            await().atMost(LIMIT).until(() -> !store.parked().hasParkedKeys());
        }
    }

    private static Lease park(OutboxDatabase database, OutboxStore store, String payload) throws SQLException {
        Lease lease = TestLeases.acquire(store, "relay", LEASE).orElseThrow();
        store.begin(lease, lease.noted());
        StoredEvent event = new StoredEvent(
                UUID.randomUUID(), "topic", "key", "type", 1, payload.getBytes(UTF_8), null, Instant.EPOCH);
        try (Connection connection = database.dataSource().getConnection()) {
            store.append(connection, List.of(event), List.of());
        }
        Page page = store.read(lease, lease.start(Optional.empty()), new PageLimit(10, 1 << 20, null));
        store.parked().park(lease, List.of(new Parking(page.positions()[0], KEY, false, "refused")), Duration.ZERO);
        return lease;
    }

    /** Keeps the last mark, as Kafka does. */
    private static final class Marking implements OutboxTransport, OutboxTransport.Session {

        final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
        private volatile Mark kept = new Mark(0, "");

        @Override
        public Session open(String name) {
            return this;
        }

        @Override
        public Optional<Mark> mark() {
            return Optional.of(kept);
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            events.forEach(event -> sent.add(new String(event.payload(), UTF_8)));
            kept = mark;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
