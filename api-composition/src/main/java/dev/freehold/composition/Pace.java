package dev.freehold.composition;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** How long a source has taken lately: its last 128 answers, looked at again with every eighth. */
final class Pace {

    private static final int KEPT = 128;
    private static final int ENOUGH = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final long[] recent = new long[KEPT];
    private volatile long[] sorted = new long[0];
    private long answers;

    /** Takes down how long an answer took. */
    void answered(long nanos) {
        lock.lock();
        try {
            recent[(int) (answers++ % KEPT)] = nanos;
            if (answers % ENOUGH == 0) {
                long[] copy = Arrays.copyOf(recent, (int) Math.min(answers, KEPT));
                Arrays.sort(copy);
                sorted = copy;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether half of the answers came within that time; so it is, too, if not enough is known. */
    boolean fits(long nanos) {
        return nanos >= quantile(0.5).toNanos();
    }

    /** How long answers took, this share of them at most; zero if not enough is known. */
    Duration quantile(double share) {
        long[] known = sorted;
        return known.length == 0
                ? Duration.ZERO
                : Duration.ofNanos(known[(int) Math.min(known.length - 1, Math.ceil(share * known.length) - 1)]);
    }
}
