package dev.freehold.benchmark.gruelbox;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The pool that the library's documentation asks for: a bounded queue which refuses what does not fit. */
final class BoundedExecutor implements Executor, AutoCloseable {

    static final int FLUSH_BATCH = 4096;

    private static final int QUEUE = 4 * FLUSH_BATCH;

    private final ThreadPoolExecutor pool;

    BoundedExecutor(int threads) {
        this.pool = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE));
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Whether a whole batch would find its place in the queue. */
    boolean hasRoom() {
        return pool.getQueue().remainingCapacity() >= FLUSH_BATCH;
    }

    @Override
    public void close() throws InterruptedException {
        pool.getQueue().clear();
        pool.shutdown();
        pool.awaitTermination(10, TimeUnit.SECONDS);
    }
}
