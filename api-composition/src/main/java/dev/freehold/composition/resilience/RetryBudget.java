package dev.freehold.composition.resilience;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps retries from making an outage worse: of all calls within ten seconds, at most a share may be retries, and one in any
 * case. The window moves on by a second at a time.
 */
final class RetryBudget {

    private static final int SECONDS = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final double share;
    private final LongSupplier ticker;
    private final int[] calls = new int[SECONDS];
    private final int[] retries = new int[SECONDS];
    private long second;

    /**
     * Begins with nothing.
     *
     * @param share retries to calls, 0 to 1
     * @param ticker nanoseconds of no particular origin
     */
    RetryBudget(double share, LongSupplier ticker) {
        this.share = share;
        this.ticker = ticker;
        this.second = now();
    }

    /** Counts a call. */
    void called() {
        lock.lock();
        try {
            calls[place()]++;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the permission for a retry, if there is one. */
    boolean tryRetry() {
        lock.lock();
        try {
            int place = place();
            if (sum(retries) >= Math.max(1, (int) (share * sum(calls)))) {
                return false;
            }
            retries[place]++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private int place() {
        long now = now();
        for (long passed = Math.max(second + 1, now - SECONDS + 1); passed <= now; passed++) {
            calls[(int) (passed % SECONDS)] = 0;
            retries[(int) (passed % SECONDS)] = 0;
        }
        second = Math.max(second, now);
        return (int) (second % SECONDS);
    }

    private long now() {
        return Math.floorDiv(ticker.getAsLong(), 1_000_000_000L) & Long.MAX_VALUE;
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
