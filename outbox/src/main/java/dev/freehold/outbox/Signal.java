package dev.freehold.outbox;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the relay's thread: any thread may raise it, as often as it likes; the relay's thread takes it down. It may say that
 * there is something to publish, which is remembered until it is asked for.
 */
final class Signal {

    private final AtomicBoolean raised = new AtomicBoolean();
    private final AtomicBoolean work = new AtomicBoolean();
    private volatile @Nullable Thread waiting;

    void tellOfWork() {
        work.set(true);
        raise();
    }

    boolean takeWork() {
        return work.getAndSet(false);
    }

    void raise() {
        if (raised.compareAndSet(false, true)) {
            LockSupport.unpark(waiting);
        }
    }

    /** Waits until it is raised or the time is over, and takes it down. */
    void await(long nanos) {
        waiting = Thread.currentThread();
        long end = System.nanoTime() + nanos;
        while (!raised.get()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                break;
            }
        }
        raised.set(false);
    }
}
