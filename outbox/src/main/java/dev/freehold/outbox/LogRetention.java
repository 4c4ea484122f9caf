package dev.freehold.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties the log's parts that are old and published, now and then, on a thread of its own. */
final class LogRetention implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final int LOOKS_IN_A_RETENTION = 20;

    private final String name;
    private final Supplier<OutboxStore> stores;
    private final Duration retention;
    private final BooleanSupplier active;
    private final ScheduledExecutorService timer;

    private LogRetention(String name, Supplier<OutboxStore> stores, Duration retention, BooleanSupplier active) {
        this.name = name;
        this.stores = stores;
        this.retention = retention;
        this.active = active;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "outbox-retention-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Works as long as the relay is the active one; without retention never. */
    static LogRetention start(String name, Supplier<OutboxStore> stores, Duration retention, BooleanSupplier active) {
        LogRetention started = new LogRetention(name, stores, retention, active);
        if (!retention.isZero()) {
            Duration interval = retention.dividedBy(LOOKS_IN_A_RETENTION);
            long millis = (interval.compareTo(LONGEST_INTERVAL) < 0 ? interval : LONGEST_INTERVAL).toMillis();
            var unused = started.timer.scheduleWithFixedDelay(started::look, millis, millis, TimeUnit.MILLISECONDS);
        }
        return started;
    }

    private void look() {
        if (!active.getAsBoolean()) {
            return;
        }
        try {
            int emptied = stores.get().emptyOldParts(retention);
            if (emptied > 0) {
                log.info(
                        "Outbox of {}: emptied {} parts of the log, all published and older than {}",
                        name,
                        emptied,
                        retention);
            }
        } catch (SQLException | RuntimeException e) { // the events only stay longer than they must
            log.warn("Outbox of {}: old events could not be taken out of the log: {}", name, e.toString());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
