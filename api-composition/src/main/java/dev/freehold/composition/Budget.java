package dev.freehold.composition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that is left for a page, and the way to stop what is done for it.
 *
 * <p>A source gets the one of its call as a parameter, or by {@link #current()} on the thread that it is called on. It is
 * over when the time is, or when nobody waits for the answer any more.
 */
public final class Budget {

    private static final ThreadLocal<@Nullable Budget> CURRENT = new ThreadLocal<>();
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final LongSupplier ticker;
    private final int depth;
    private final @Nullable Budget outer;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long deadline;
    private @Nullable List<Runnable> stops = List.of();

    Budget(LongSupplier ticker, long deadline) {
        this(ticker, deadline, callDepth(), null);
    }

    private Budget(LongSupplier ticker, long deadline, int depth, @Nullable Budget outer) {
        this.ticker = ticker;
        this.depth = depth;
        this.outer = outer;
        this.deadline = deadline;
    }

    /**
     * Begins one that lasts that long from now.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 10 minutes
     */
    public static Budget of(Duration duration) {
        return new Budget(
                System::nanoTime, System.nanoTime() + checked(duration).toNanos());
    }

    static Duration checked(Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("budget must be between 1ms and 10m, was " + duration);
        }
        return duration;
    }

    /** The budget of the call that this thread carries out; empty outside a source. */
    public static Optional<Budget> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The time that is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** Whether the time is over, or nobody waits any more. */
    public boolean isOver() {
        return remainingNanos() == 0;
    }

    /**
     * Has an action run when nobody waits for the answer any more: to abort what an interrupt does not stop. It runs at most
     * once, on any thread, at once if that is so already; it must not block, and what it throws is dropped. It is not run
     * when the call ends by itself.
     */
    public void onStop(Runnable action) {
        lock.lock();
        try {
            if (stops != null) {
                stops = stops.isEmpty() ? new ArrayList<>(2) : stops;
                stops.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        runQuietly(action);
    }

    long deadline() {
        return deadline;
    }

    long remainingNanos() {
        long left = Math.max(0, deadline - ticker.getAsLong());
        return outer == null ? left : Math.min(left, outer.remainingNanos());
    }

    /** One for a call of a source, which can be stopped alone. */
    Budget ofCall() {
        return new Budget(ticker, deadline, callDepth() + 1, null);
    }

    /** How many calls this thread carries out: one, and those that wait for what it does; 0 outside a source. */
    static int callDepth() {
        Budget current = CURRENT.get();
        return current == null ? 0 : current.depth;
    }

    /** One for a part of what is done within this one: it can be stopped alone. */
    Budget part() {
        return shorter(LONGEST);
    }

    /** One for an attempt: it ends after that time, or when this one is over or stopped. */
    Budget shorter(Duration atMost) {
        Budget shorter = new Budget(ticker, ticker.getAsLong() + atMost.toNanos(), depth, this);
        onStop(shorter::stop);
        return shorter;
    }

    /** Lets it last until then, if that is later. */
    void extend(long until) {
        lock.lock();
        try {
            if (until - deadline > 0) {
                deadline = until;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it now and runs what is to be run then. */
    void stop() {
        List<Runnable> actions;
        lock.lock();
        try {
            deadline = ticker.getAsLong();
            actions = stops == null ? List.of() : stops;
            stops = null;
        } finally {
            lock.unlock();
        }
        actions.forEach(Budget::runQuietly);
    }

    /**
     * Makes it the {@linkplain #current() current one} of this thread until the scope is closed: pages that are asked for meanwhile
     * take no longer than it lasts.
     */
    public Scope open() {
        Budget before = CURRENT.get();
        CURRENT.set(this);
        return () -> {
            CURRENT.set(before); // also null: to remove it would cost a new entry with each call
        };
    }

    /** To be closed on the same thread. */
    public interface Scope extends AutoCloseable {

        @Override
        void close();
    }

    @SuppressWarnings("EmptyCatch") // it was told that what it throws is dropped
    private static void runQuietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | LinkageError | AssertionError ignored) {
        }
    }
}
