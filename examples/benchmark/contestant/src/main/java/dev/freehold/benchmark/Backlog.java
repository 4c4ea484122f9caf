package dev.freehold.benchmark;

/**
 * Commits many events quickly: 100 a transaction, in 4 threads, each with keys of its own, so that the numbers of a key
 * are committed in ascending order.
 */
final class Backlog {

    private static final int THREADS = 4;
    private static final int EVENTS_PER_TRANSACTION = 100;

    private final Service service;
    private final int keys;
    private final Poison poison;

    Backlog(Service service, int keys, Poison poison) {
        if (keys % THREADS != 0) {
            throw new IllegalArgumentException("keys must be a multiple of " + THREADS + ", was " + keys);
        }
        this.service = service;
        this.keys = keys;
        this.poison = poison;
    }

    void fill(long first, int count) throws InterruptedException {
        Crew.run(THREADS, thread -> fillShare(first, first + count, thread));
    }

    private void fillShare(long first, long end, int thread) throws Exception {
        long number = first + Math.floorMod(thread - first, (long) THREADS);
        while (number < end) {
            long from = number;
            long to = Math.min(end, from + (long) THREADS * EVENTS_PER_TRANSACTION);
            service.inTransaction((connection, publisher) -> {
                for (long each = from; each < to; each += THREADS) {
                    publisher.publish(poison.order(each, first, keys));
                }
            });
            number = from + (long) THREADS * EVENTS_PER_TRANSACTION;
        }
    }
}
