package dev.freehold.benchmark;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    private final int keys;
    private final int perSecond;

    Load(int keys, int perSecond) {
        this.keys = keys;
        this.perSecond = perSecond;
    }

    /** Writes both times of every event to the file, and answers by how many microseconds the latest one was late. */
    String run(Service service, long millis, Path file) throws InterruptedException, IOException {
        int count = Math.toIntExact(millis * perSecond / 1000);
        long[] beforeCommit = new long[count];
        long[] afterCommit = new long[count];
        long[] late = new long[count];
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        Crew.run(THREADS, thread -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                late[i] = awaitTurn(start + i * 1_000_000_000L / perSecond);
                beforeCommit[i] = BusinessTransaction.run(service, Order.of(i, keys));
                afterCommit[i] = System.nanoTime();
            }
        });
        write(file, beforeCommit, afterCommit);
        return Long.toString(Arrays.stream(late).max().orElse(0) / 1000);
    }

    private static long awaitTurn(long turn) {
        long now = System.nanoTime();
        while (now < turn) {
            LockSupport.parkNanos(turn - now);
            now = System.nanoTime();
        }
        return now - turn;
    }

    private static void write(Path file, long[] beforeCommit, long[] afterCommit) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (int i = 0; i < beforeCommit.length; i++) {
                out.writeLong(beforeCommit[i]);
                out.writeLong(afterCommit[i]);
            }
        }
    }
}
