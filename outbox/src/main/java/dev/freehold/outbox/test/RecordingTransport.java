package dev.freehold.outbox.test;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A transport that keeps what it is given, for tests of a service with its database and without a broker: as a bean it takes
 * the place of Kafka's. Thread-safe.
 */
public final class RecordingTransport implements OutboxTransport {

    private final List<StoredEvent> sent = new CopyOnWriteArrayList<>();

    /** Everything that the relay has published, in its order; what was published again, again. */
    public List<StoredEvent> sent() {
        return List.copyOf(sent);
    }

    /** Forgets what was published. */
    public void clear() {
        sent.clear();
    }

    @Override
    public Session open(String shard) {
        return new Session() {
            @Override
            public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
                sent.addAll(events);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {
                // nothing is under way
            }
        };
    }

    @Override
    public void close() {
        // what was published can still be looked at
    }
}
