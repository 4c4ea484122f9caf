package dev.freehold.benchmark;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/** Runs business transactions, each on a random account, one after the other in every thread. */
final class Transactions {

    private Transactions() {}

    /** Answers how many transactions were committed and in how many nanoseconds. */
    static String run(Service service, int keys, int threads, long millis) throws InterruptedException {
        LongAdder committed = new LongAdder();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        Crew.run(threads, thread -> {
            while (System.nanoTime() < end) {
                BusinessTransaction.run(
                        service, Order.of(ThreadLocalRandom.current().nextLong(1_000_000), keys));
                committed.increment();
            }
        });
        return committed.sum() + " " + (System.nanoTime() - start);
    }
}
