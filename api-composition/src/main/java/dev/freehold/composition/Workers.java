package dev.freehold.composition;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that sources are called on: virtual ones if this JVM has them, else a pool that grows with the calls in
 * flight, which the permits bound. They inherit nothing from the thread that makes them, which may be that of another page. The
 * only class that knows of virtual threads; it is not compiled against them.
 */
final class Workers implements Executor, Timer, AutoCloseable {

    private static final String NAME = "composition-";

    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer;

    Workers() {
        threads = hasVirtualThreads() ? virtual() : platform();
        timer = new ScheduledThreadPoolExecutor(1, work -> daemon(work, NAME + "timer"));
        timer.setRemoveOnCancelPolicy(true);
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    @Override
    public Runnable after(Duration delay, Runnable work) {
        ScheduledFuture<?> scheduled = timer.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }

    private static ExecutorService platform() {
        AtomicLong number = new AtomicLong();
        ThreadFactory factory = work -> daemon(work, NAME + number.getAndIncrement());
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    private static ExecutorService virtual() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object named = type.getMethod("name", String.class, long.class).invoke(builder, NAME, 0L);
            Class<?> builders = Class.forName("java.lang.Thread$Builder");
            Object own = builders.getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(named, false);
            ThreadFactory factory =
                    (ThreadFactory) builders.getMethod("factory").invoke(own);
            Method perTask = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
            return (ExecutorService) perTask.invoke(null, factory);
        } catch (IllegalAccessException | NoSuchMethodException | ClassNotFoundException missing) {
            throw new IllegalStateException("this JVM should have virtual threads", missing);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException("virtual threads cannot be made", failed.getCause());
        }
    }
}
