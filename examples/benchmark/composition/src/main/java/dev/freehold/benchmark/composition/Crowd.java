package dev.freehold.benchmark.composition;

import dev.freehold.benchmark.report.Sample;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Threads that begin together and do the same, each so many times. */
final class Crowd {

    private final int threads;
    private final int times;
    private final CountDownLatch ready;
    private final CountDownLatch go = new CountDownLatch(1);
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Crowd(int threads, int times) {
        this.threads = threads;
        this.times = times;
        this.ready = new CountDownLatch(threads);
    }

    /**
     * Returns how long each of them took, when all have ended.
     *
     * @throws IllegalStateException if any failed
     */
    static Sample times(int threads, int times, Runnable work) throws InterruptedException {
        Crowd crowd = new Crowd(threads, times);
        crowd.run(work);
        return Sample.of(crowd.nanos.stream().flatMapToLong(LongStream::of));
    }

    private void run(Runnable work) throws InterruptedException {
        Thread[] all = IntStream.range(0, threads)
                .mapToObj(i -> new Thread(() -> take(work), "page-" + i))
                .toArray(Thread[]::new);
        for (Thread thread : all) {
            thread.start();
        }
        ready.await();
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
    }

    private void take(Runnable work) {
        ready.countDown();
        try {
            go.await();
            for (int i = 0; i < times; i++) {
                long begin = System.nanoTime();
                work.run();
                nanos.add(System.nanoTime() - begin);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            failure.compareAndSet(null, e); // it is thrown where all are waited for
        }
    }
}
