package dev.freehold.composition;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many calls may be in flight at once. Who comes when there is none left waits in line without a thread, first come,
 * first served: what waits costs nothing and can leave the line. Who has no use for a permit any more when it is given one is
 * passed over.
 */
final class Permits {

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Waiter> line = new LinkedHashSet<>();
    private final int limit;
    private int taken;

    Permits(int limit) {
        this.limit = limit;
    }

    /** Who wants one. */
    interface Waiter {

        /** Has one now; on the thread that asked for it, or that gave one back. */
        void take();

        /** Whether it can still use one. It must not block. */
        boolean isInTime();

        /** It could not, and has left the line. */
        void refuse();
    }

    /** Takes one, now or when one is given back. */
    void acquire(Waiter waiter) {
        if (take(waiter)) {
            waiter.take();
        }
    }

    /** Takes one if there is one left. */
    boolean tryAcquire() {
        return take(null);
    }

    private boolean take(@Nullable Waiter orWaits) {
        lock.lock();
        try {
            if (taken < limit) {
                taken++;
                return true;
            }
            if (orWaits != null) {
                line.add(orWaits);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the line; false if it does not stand there (any more). */
    boolean leave(Waiter waiter) {
        lock.lock();
        try {
            return line.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    void release() {
        List<Waiter> late = new ArrayList<>(0);
        Waiter next = handOver(late);
        late.forEach(Waiter::refuse);
        if (next != null) {
            next.take();
        }
    }

    int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Waiter handOver(List<Waiter> late) {
        lock.lock();
        try {
            for (Iterator<Waiter> rest = line.iterator(); rest.hasNext(); ) {
                Waiter next = rest.next();
                rest.remove();
                if (next.isInTime()) {
                    return next;
                }
                late.add(next);
            }
            taken--;
            return null;
        } finally {
            lock.unlock();
        }
    }
}
