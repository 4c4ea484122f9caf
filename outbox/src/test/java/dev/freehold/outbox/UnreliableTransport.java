package dev.freehold.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Takes events in, acknowledges them late, and now and then refuses the rest of what it was given. */
final class UnreliableTransport implements OutboxTransport, OutboxTransport.Session {

    private final ConcurrentLinkedQueue<StoredEvent> taken = new ConcurrentLinkedQueue<>();
    private final int oneFailureIn;

    UnreliableTransport(int oneFailureIn) {
        this.oneFailureIn = oneFailureIn;
    }

    /** Everything that came, in the order in which it came, with repetitions. */
    List<StoredEvent> taken() {
        return new ArrayList<>(taken);
    }

    @Override
    public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(oneFailureIn) == 0) {
            taken.addAll(events.subList(0, random.nextInt(events.size() + 1)));
            return CompletableFuture.failedFuture(new IllegalStateException("the transport fails now and then"));
        }
        taken.addAll(events);
        Executor later = CompletableFuture.delayedExecutor(random.nextInt(3_000), TimeUnit.MICROSECONDS);
        return CompletableFuture.runAsync(() -> {}, later);
    }

    @Override
    public Session open(String shard) {
        return this;
    }

    @Override
    public void close() {}
}
