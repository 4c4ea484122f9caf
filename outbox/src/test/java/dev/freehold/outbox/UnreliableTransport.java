package dev.freehold.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Takes events in, acknowledges them late, and now and then fails with the rest of what it was given; or refuses an event,
 * before or after it was given, which it may take another time.
 */
final class UnreliableTransport implements OutboxTransport, OutboxTransport.Session {

    private static final int REFUSED_SENDS_FOR_AN_OBSTACLE = 20;

    private final ConcurrentLinkedQueue<StoredEvent> taken = new ConcurrentLinkedQueue<>();
    private final int oneFailureIn;
    private final int oneObstacleIn;

    UnreliableTransport(int oneFailureIn) {
        this(oneFailureIn, Integer.MAX_VALUE);
    }

    UnreliableTransport(int oneFailureIn, int oneObstacleIn) {
        this.oneFailureIn = oneFailureIn;
        this.oneObstacleIn = oneObstacleIn;
    }

    /** Everything that came, in the order in which it came, with repetitions. */
    List<StoredEvent> taken() {
        return new ArrayList<>(taken);
    }

    @Override
    public Session open(String shard) {
        return this;
    }

    @Override
    public Optional<String> obstacle(StoredEvent event) {
        return happens(oneObstacleIn) ? Optional.of("it is refused now and then") : Optional.empty();
    }

    @Override
    public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
        if (happens(oneFailureIn)) {
            int sent = ThreadLocalRandom.current().nextInt(events.size() + 1);
            return failed(events.subList(0, sent), new IllegalStateException("the transport fails now and then"));
        }
        if (oneObstacleIn < Integer.MAX_VALUE && happens(REFUSED_SENDS_FOR_AN_OBSTACLE)) {
            int sent = ThreadLocalRandom.current().nextInt(events.size());
            return failed(
                    events.subList(0, sent),
                    new Refused(events.get(sent), "it is refused too late", new IllegalStateException()));
        }
        taken.addAll(events);
        Executor later =
                CompletableFuture.delayedExecutor(ThreadLocalRandom.current().nextInt(3_000), TimeUnit.MICROSECONDS);
        return CompletableFuture.runAsync(() -> {}, later);
    }

    private CompletableFuture<Void> failed(List<StoredEvent> sent, RuntimeException failure) {
        taken.addAll(sent);
        return CompletableFuture.failedFuture(failure);
    }

    private static boolean happens(int onceIn) {
        return ThreadLocalRandom.current().nextInt(onceIn) == 0;
    }

    @Override
    public void close() {}
}
