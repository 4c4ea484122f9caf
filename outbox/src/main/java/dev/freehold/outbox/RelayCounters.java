package dev.freehold.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
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
    private final Map<Integer, Failing> failing = new ConcurrentHashMap<>();

    void published(int events) {
        published.add(events);
    }

    void parked(int events) {
        parked.add(events);
    }

    void succeeded(int shard) {
        if (!failing.isEmpty()) {
            failing.remove(shard);
        }
    }

    void failed(int shard, Throwable failure) {
        failures.increment();
        failing.merge(
                shard,
                new Failing(clock.instant(), failure.toString()),
                (before, now) -> new Failing(before.since(), now.last()));
    }

    /** Nothing has failed, and nothing has come back for some time. */
    void stalled(int shard) {
        if (failing.putIfAbsent(shard, new Failing(clock.instant(), STALL)) == null) {
            log.warn(
                    "The outbox's transport has acknowledged nothing for some seconds; events wait, and nothing is lost");
        }
    }

    /** With the failure that has lasted longest. */
    RelayStatus status(boolean running, SortedSet<Integer> shards, int shardsInAll) {
        Failing longest = failing.values().stream()
                .min(Comparator.comparing(Failing::since))
                .orElse(null);
        return new RelayStatus(
                running,
                !shards.isEmpty(),
                shards,
                shardsInAll,
                published.sum(),
                parked.sum(),
                failures.sum(),
                longest == null ? null : longest.since(),
                longest == null ? null : longest.last());
    }

    /** A time without success. */
    private record Failing(Instant since, String last) {}
}
