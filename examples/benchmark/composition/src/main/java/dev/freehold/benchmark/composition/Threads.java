package dev.freehold.benchmark.composition;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that contestants without any of their own make calls on. */
final class Threads {

    private Threads() {}

    static boolean canBeVirtual() {
        return Runtime.version().feature() >= 21;
    }

    /** That many, none of which keeps the process from ending. */
    static ExecutorService pool(int size) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.prestartAllCoreThreads(); // or it would make a thread for each call of the first pages
        return pool;
    }

    /** A virtual one for each call. This is compiled for Java 17, which does not know them. */
    static ExecutorService virtual() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException missing) {
            throw new IllegalStateException("virtual threads need JDK 21, this is " + Runtime.version(), missing);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException("virtual threads cannot be made", failed.getCause());
        }
    }
}
