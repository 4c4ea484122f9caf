package dev.freehold.inbox;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hands events of some types to methods of this service, and all others to another transport.
 *
 * <ol>
 *   <li>Events are dealt out to a few threads by their key, so that those of a key stay in order.
 *   <li>A method is called in a transaction with the event's id: if the events are handed over again, because the relay died
 *       or the other transport failed, it is not called again for those that are done.
 *   <li>Events for the other transport wait until the methods are through with what was handed over before, since calls must
 *       reach it in their order; if no method is concerned, nothing waits.
 *   <li>After several failures in a row, events of the type have an obstacle for a moment: they are parked then, which costs
 *       less than to fail. What is parked is tried nevertheless.
 * </ol>
 */
final class HandlerTransport implements OutboxTransport {

    private static final int THREADS = 4;

    /** How sessions for parked keys are called. */
    private static final String PARKED = "-parked";

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** One after the other, with no success between them: then it is not the events. */
    private static final int FAILURES_OF_A_SERVER = 3;

    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

    private final OutboxTransport others;
    private final HandlerCalls calls;
    private final List<ExecutorService> threads = new ArrayList<>();
    private final Map<String, Failures> failures = new ConcurrentHashMap<>();

    HandlerTransport(OutboxTransport others, HandlerCalls calls) {
        this.others = others;
        this.calls = calls;
        for (int n = 0; n < THREADS; n++) {
            threads.add(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "outbox-handler-" + THREAD_NUMBER.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    @Override
    public Session open(String shard) {
        return new HandlerSession(others.open(shard), shard.endsWith(PARKED));
    }

    @Override
    public void prepare() {
        others.prepare();
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
        others.close();
    }

    private Optional<String> restingAfterFailures(String type) {
        Failures latest = failures.get(type);
        return latest == null || latest.number() < FAILURES_OF_A_SERVER || System.nanoTime() - latest.at() > PAUSE_NANOS
                ? Optional.empty()
                : Optional.of("the handler of its type has just failed several times");
    }

    /** Failures in a row, and when the last one was. */
    private record Failures(int number, long at) {}

    /** One term of a relay, or of its parked keys. */
    private final class HandlerSession implements Session {

        private final Session beside;
        private final boolean ofParkedKeys;
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        private volatile boolean closed;
        private volatile @Nullable Refused refused;

        HandlerSession(Session beside, boolean ofParkedKeys) {
            this.beside = beside;
            this.ofParkedKeys = ofParkedKeys;
        }

        @Override
        public Optional<Mark> mark() {
            return beside.mark();
        }

        @Override
        public Optional<String> obstacle(StoredEvent event) {
            if (!calls.takes(event)) {
                return beside.obstacle(event);
            }
            return ofParkedKeys ? Optional.empty() : restingAfterFailures(event.type());
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            List<StoredEvent> own = events.stream().filter(calls::takes).toList();
            if (own.isEmpty() && last.isDone() && !last.isCompletedExceptionally()) {
                return beside.send(events, mark);
            }
            List<StoredEvent> left =
                    events.stream().filter(event -> !calls.takes(event)).toList();
            CompletableFuture<Void> handled = CompletableFuture.allOf(last, handle(own));
            CompletableFuture<CompletableFuture<Void>> sent = handled.thenApply(
                    done -> left.isEmpty() ? CompletableFuture.completedFuture(null) : beside.send(left, mark));
            last = sent.thenAccept(done -> {});
            return sent.thenCompose(done -> done);
        }

        private CompletableFuture<Void> handle(List<StoredEvent> events) {
            CompletableFuture<?>[] running = new CompletableFuture<?>[THREADS];
            for (int n = 0; n < THREADS; n++) {
                int thread = n;
                List<StoredEvent> dealt = events.stream()
                        .filter(event -> Math.floorMod(event.key().hashCode(), THREADS) == thread)
                        .toList();
                running[n] = dealt.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.runAsync(() -> dealt.forEach(this::handle), threads.get(thread));
            }
            return CompletableFuture.allOf(running).handle((done, failure) -> {
                Refused first = refused;
                if (first != null && events.contains(first.event())) {
                    throw first;
                }
                if (failure != null) {
                    throw new CompletionException(failure.getCause());
                }
                return done;
            });
        }

        private void handle(StoredEvent event) {
            if (closed) {
                throw new IllegalStateException("the relay's session is closed");
            }
            boolean handled = false;
            try {
                calls.call(event);
                failures.remove(event.type());
                handled = true;
            } catch (RuntimeException e) { // whatever a method throws
                if (!DatabaseFailures.isOne(e)) {
                    failures.merge(
                            event.type(),
                            new Failures(1, System.nanoTime()),
                            (before, now) -> new Failures(before.number() + 1, now.at()));
                    refused = new Refused(event, String.valueOf(e.getCause() == null ? e : e.getCause()), e);
                }
                throw e;
            } finally {
                closed |= !handled; // what follows in its key must not be called
            }
        }

        @Override
        public void close() {
            closed = true;
            beside.close();
        }
    }
}
