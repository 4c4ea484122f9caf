package dev.freehold.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a relay has done, for whoever watches it. */
final class RelayCounters {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final String STALL = "the transport acknowledges nothing";

    private final LongAdder published = new LongAdder();
    private final LongAdder parked = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Clock clock = Clock.systemUTC();
    private volatile @Nullable Failing failing;

    void published(int events) {
        published.add(events);
    }

    void parked(int events) {
        parked.add(events);
    }

    void succeeded() {
        if (failing != null) {
            failing = null;
        }
    }

    void failed(Exception failure) {
        failures.increment();
        Failing before = failing;
        failing = new Failing(before == null ? clock.instant() : before.since(), failure.toString());
    }

    /** Nothing has failed, and nothing has come back for some time. */
    void stalled() {
        if (failing == null) {
            failing = new Failing(clock.instant(), STALL);
            log.warn(
                    "The outbox's transport has acknowledged nothing for some seconds; events wait, and nothing is lost");
        }
    }

    RelayStatus status(boolean running, boolean active) {
        Failing now = failing;
        return new RelayStatus(
                running,
                active,
                published.sum(),
                parked.sum(),
                failures.sum(),
                now == null ? null : now.since(),
                now == null ? null : now.last());
    }

    /** A time without success. */
    private record Failing(Instant since, String last) {}
}
