package dev.freehold.benchmark.gruelbox;

import com.gruelbox.transactionoutbox.TransactionOutbox;

/** Flushes whenever the pool has room for a batch, without a pause while there is a backlog. */
final class FlushLoop implements Runnable, AutoCloseable {

    private static final long IDLE_MILLIS = 500;
    private static final long FULL_MILLIS = 20;

    private final TransactionOutbox outbox;
    private final BoundedExecutor executor;
    private final Thread thread = new Thread(this, "flush");
    private volatile boolean running = true;

    private FlushLoop(TransactionOutbox outbox, BoundedExecutor executor) {
        this.outbox = outbox;
        this.executor = executor;
    }

    static FlushLoop start(TransactionOutbox outbox, BoundedExecutor executor) {
        FlushLoop loop = new FlushLoop(outbox, executor);
        loop.thread.start();
        return loop;
    }

    @Override
    public void run() {
        try {
            while (running) {
                if (!executor.hasRoom()) {
                    Thread.sleep(FULL_MILLIS);
                } else if (!outbox.flush()) {
                    Thread.sleep(IDLE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        thread.join();
    }
}
