package dev.freehold.outbox.autoconfigure;

import java.util.concurrent.atomic.LongAdder;

/** How many requests with a token found all of it handled, and how many may have been answered with something older. */
final class ConsistencyCounters {

    private final LongAdder reached = new LongAdder();
    private final LongAdder stale = new LongAdder();

    void count(boolean isReached) {
        (isReached ? reached : stale).increment();
    }

    long reached() {
        return reached.sum();
    }

    long stale() {
        return stale.sum();
    }
}
