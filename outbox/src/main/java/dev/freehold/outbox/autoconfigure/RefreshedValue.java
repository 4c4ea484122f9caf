package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxRelay;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value of the database for whoever watches: asked for at most every ten seconds, on a thread of its own, so that nobody who
 * scrapes meters hangs while the database is away.
 */
final class RefreshedValue<T> {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final long REFRESH_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long OLDEST_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long PATIENCE_MILLIS = 500;

    private final String name;
    private final Supplier<T> source;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile @Nullable Known<T> known;
    private volatile long askedAt = System.nanoTime() - REFRESH_NANOS;

    RefreshedValue(String name, Supplier<T> source) {
        this.name = name;
        this.source = source;
    }

    /** The value, up to a minute old, or null if the database does not tell it. */
    @Nullable
    T get() {
        if (System.nanoTime() - askedAt >= REFRESH_NANOS && refreshing.compareAndSet(false, true)) {
            refresh();
        }
        Known<T> present = known;
        return present == null || System.nanoTime() - present.at() > OLDEST_NANOS ? null : present.value();
    }

    /** Waits for a moment, since usually it takes no longer. */
    private void refresh() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> ask(done), name);
        thread.setDaemon(true);
        thread.start();
        try {
            done.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.debug("{} takes its time", name, e);
        }
    }

    private void ask(CompletableFuture<Void> done) {
        try {
            known = new Known<>(source.get(), System.nanoTime());
        } catch (RuntimeException e) { // the database is away; the health tells that
            log.debug("{} could not be asked for", name, e);
        } finally {
            askedAt = System.nanoTime();
            refreshing.set(false);
            done.complete(null);
        }
    }

    /** A value and when it was told. */
    private record Known<T>(T value, long at) {}
}
