package dev.freehold.outbox.internal;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Takes out now and then what is old, on a thread of its own; none if everything is kept for ever. */
public final class Retention implements AutoCloseable {

    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final int LOOKS_IN_A_RETENTION = 20;

    private final ScheduledExecutorService timer;

    private Retention(String thread) {
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, thread);
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Starts looking.
     *
     * @param retention zero for ever
     * @param look takes out what is old; throws nothing, or it is not called again
     */
    public static Retention start(String thread, Duration retention, Runnable look) {
        Retention started = new Retention(thread);
        if (!retention.isZero()) {
            Duration interval = retention.dividedBy(LOOKS_IN_A_RETENTION);
            long millis = (interval.compareTo(LONGEST_INTERVAL) < 0 ? interval : LONGEST_INTERVAL).toMillis();
            var unused = started.timer.scheduleWithFixedDelay(look, millis, millis, TimeUnit.MILLISECONDS);
        }
        return started;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
