package dev.freehold.shop;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C: tells the main thread, which stops everything in order, and lets the JVM end when it has. */
final class Stop {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final CountDownLatch requested = new CountDownLatch(1);

    private Stop() {}

    /** The calling thread is the one to wait for. */
    static Stop onShutdown() {
        Stop stop = new Stop();
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.request(main), "stop"));
        return stop;
    }

    private void request(Thread main) {
        requested.countDown();
        try {
            main.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Throws if it is time to stop. */
    void check() {
        if (isRequested()) {
            throw new CancellationException();
        }
    }

    /** Waits, and throws as soon as it is time to stop. */
    void check(Duration pause) {
        try {
            if (requested.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CancellationException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        }
    }

    /** Waits until it is time to stop. */
    void await() {
        try {
            requested.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
