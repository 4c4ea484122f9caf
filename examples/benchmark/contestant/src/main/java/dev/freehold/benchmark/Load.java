package dev.freehold.benchmark;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs business transactions at a fixed rate, whatever the answers take (an open loop), from a pool of threads large
 * enough to keep the schedule.
 *
 * <p>Notes for each event when its transaction was about to commit and when the commit had returned, as {@link
 * System#nanoTime()}: on Linux that is the machine's monotonic clock, the same one in every process.
 */
final class Load {

    private static final int THREADS = 8;

    private final Service service;
    private final int keys;
    private final int perSecond;
    private final long[] beforeCommit;
    private final long[] afterCommit;
    private final long[] late;
    private final AtomicInteger next = new AtomicInteger();
    private final FutureTask<Integer> work = new FutureTask<>(this::run);
    private volatile boolean ended;

    private Load(Service service, int keys, int perSecond, int most) {
        this.service = service;
        this.keys = keys;
        this.perSecond = perSecond;
        this.beforeCommit = new long[most];
        this.afterCommit = new long[most];
        this.late = new long[most];
    }

    /** Begins a load that ends after so many milliseconds, unless it is ended before. */
    static Load begin(Service service, int keys, int perSecond, long millis) {
        Load load = new Load(service, keys, perSecond, Math.toIntExact(millis * perSecond / 1000));
        new Thread(load.work, "load").start();
        return load;
    }

    /** No more transactions are begun than those whose turn has been waited for. */
    void end() {
        ended = true;
    }

    /**
     * Waits for its end, writes both times of every event to the file, and answers how many events there are and by how many
     * microseconds the latest one was late.
     */
    String await(Path file) throws InterruptedException, ExecutionException, IOException {
        int events = work.get();
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (int i = 0; i < events; i++) {
                out.writeLong(beforeCommit[i]);
                out.writeLong(afterCommit[i]);
            }
        }
        return events + " " + Arrays.stream(late).max().orElse(0) / 1000;
    }

    private int run() throws InterruptedException {
        long start = System.nanoTime();
        Crew.run(THREADS, thread -> {
            while (!ended) {
                int number = next.getAndIncrement();
                if (number >= late.length) {
                    return;
                }
                late[number] = awaitTurn(start + number * 1_000_000_000L / perSecond);
                beforeCommit[number] = BusinessTransaction.run(service, Order.of(number, keys));
                afterCommit[number] = System.nanoTime();
            }
        });
        return Math.min(next.get(), late.length);
    }

    private static long awaitTurn(long turn) {
        long now = System.nanoTime();
        while (now < turn) {
            LockSupport.parkNanos(turn - now);
            now = System.nanoTime();
        }
        return now - turn;
    }
}
