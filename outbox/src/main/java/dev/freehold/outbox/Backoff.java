package dev.freehold.outbox;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Ever longer pauses after failures: the first is 100 ms, and each is twice the one before, with jitter. */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final int MOST_DOUBLINGS = 20;

    private final Duration longest;
    private int failures;
    private long end = System.nanoTime();

    Backoff(Duration longest) {
        this.longest = longest;
    }

    /** Returns how many times in a row it has failed now. */
    int failed() {
        long exponential = FIRST.toNanos() << Math.min(failures, MOST_DOUBLINGS);
        end = System.nanoTime() + jittered(Math.min(exponential, longest.toNanos()));
        return ++failures;
    }

    void succeeded() {
        failures = 0;
    }

    boolean isFailing() {
        return failures > 0;
    }

    /** Until the next attempt, not positive if it may be made. */
    long nanosLeft() {
        return end - System.nanoTime();
    }

    /** Three quarters to five quarters of the time, so that relays do not act in step. */
    static long jittered(long nanos) {
        return (long) (nanos * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
    }
}
