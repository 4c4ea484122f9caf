package dev.freehold.outbox;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the active relay of another process after commits: on a thread of its own, so that no commit waits for it, and at most
 * a hundred times a second, however many commits there are. The thread ends when there has been nothing to do for a while.
 */
final class WakeUpCalls implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final long SHORTEST_INTERVAL_NANOS = 10_000_000;
    private static final int IDLE_SECONDS = 10;

    private final Supplier<OutboxStore> stores;
    private final ThreadPoolExecutor executor;

    WakeUpCalls(Supplier<OutboxStore> stores) {
        this.stores = stores;
        this.executor = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1),
                task -> {
                    Thread thread = new Thread(task, "outbox-wake-up");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy()); // the call that waits will do for this one, too
        executor.allowCoreThreadTimeOut(true);
    }

    /** Never blocks. */
    @Override
    public void run() {
        executor.execute(this::call);
    }

    private void call() {
        try {
            stores.get().wakeUps().send(OutboxStore.WakeUp.EVENTS);
        } catch (SQLException | RuntimeException e) { // the relay finds the events by itself, if later
            log.debug("The active relay could not be called", e);
        }
        LockSupport.parkNanos(SHORTEST_INTERVAL_NANOS);
    }
}
