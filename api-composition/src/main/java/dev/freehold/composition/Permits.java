package dev.freehold.composition;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many calls may be in flight at once. Who comes when there is none left waits in line without a thread, first come,
 * first served: what waits costs nothing and can leave the line.
 */
final class Permits {

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Runnable> line = new LinkedHashSet<>();
    private final int limit;
    private int taken;

    Permits(int limit) {
        this.limit = limit;
    }

    /** Takes one and runs what is to be done with it, now or, on another thread, when one is given back. */
    void acquire(Runnable then) {
        lock.lock();
        try {
            if (taken == limit) {
                line.add(then);
                return;
            }
            taken++;
        } finally {
            lock.unlock();
        }
        then.run();
    }

    /** Leaves the line; false if it does not stand there (any more). */
    boolean leave(Runnable then) {
        lock.lock();
        try {
            return line.remove(then);
        } finally {
            lock.unlock();
        }
    }

    void release() {
        Runnable next = handOver();
        if (next != null) {
            next.run();
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

    private @Nullable Runnable handOver() {
        lock.lock();
        try {
            Iterator<Runnable> first = line.iterator();
            if (!first.hasNext()) {
                taken--;
                return null;
            }
            Runnable next = first.next();
            first.remove();
            return next;
        } finally {
            lock.unlock();
        }
    }
}
