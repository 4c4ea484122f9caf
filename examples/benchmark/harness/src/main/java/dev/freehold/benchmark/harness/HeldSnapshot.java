package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What becomes of an outbox while somebody holds a snapshot, so that nothing which is deleted or replaced meanwhile can be
 * cleaned away: the first quarter of that time is compared with the last one.
 *
 * <p>Held are the snapshot of a reader, as a backup or a report does, and the transaction of a writer, both idle.
 */
record HeldSnapshot(Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    private static final int PER_SECOND = 1_500;
    private static final Duration USUAL = Duration.ofSeconds(120);

    @Override
    public void measure(Entrant entrant) throws Exception {
        Duration warmUp = settings.warmUp();
        Duration length = settings.lengthOr(USUAL);
        Duration quarter = length.dividedBy(4);
        Duration end = warmUp.plus(length);
        try (SteadyLoad load = SteadyLoad.open(servers, entrant, PER_SECOND, end);
                DatabaseWatch watch = DatabaseWatch.of(load.surroundings())) {
            load.start(Role.BOTH);
            load.begin();
            load.sleepUntil(warmUp);
            try (IdleTransaction reader = IdleTransaction.thatReads(load.surroundings());
                    IdleTransaction writer = IdleTransaction.thatWrites(load.surroundings())) {
                Reading begin = read(watch);
                load.sleepUntil(warmUp.plus(quarter));
                Reading first = read(watch);
                load.sleepUntil(end.minus(quarter));
                Reading third = read(watch);
                load.sleepUntil(end);
                Reading last = read(watch);
                watch.deadRows().forEach((table, rows) -> results.add(entrant, "dead rows, " + table, "rows", rows));
                Journeys journeys = load.awaitAll();
                report(entrant, ", first quarter", journeys.sinceBefore(warmUp, warmUp.plus(quarter)));
                report(entrant, ", last quarter", journeys.sinceBefore(end.minus(quarter), end));
                int events = Math.toIntExact(quarter.toMillis() * PER_SECOND / 1000);
                report(entrant, ", first quarter", begin, first, events);
                report(entrant, ", last quarter", third, last, events);
            }
            results.add(entrant, "latest start of a transaction", "ms", load.latestMillis());
            results.add(entrant, "duplicates", "events", load.receipts().duplicates());
            results.add(entrant, "inversions", "events", load.receipts().inversions());
        }
    }

    private Reading read(DatabaseWatch watch) throws SQLException {
        return new Reading(servers.postgresCpu(), watch.statements());
    }

    private void report(Entrant entrant, String part, Sample latencies) {
        results.add(entrant, "from before the commit, p50" + part, "ms", latencies.millis(0.50));
        results.add(entrant, "from before the commit, p99" + part, "ms", latencies.millis(0.99));
    }

    private void report(Entrant entrant, String part, Reading from, Reading to, int events) {
        DatabaseWatch.Statements statements = to.statements.since(from.statements);
        if (statements.reads() > 0) {
            results.add(entrant, "mean time of reading" + part, "ms", statements.meanReadMillis());
        }
        if (statements.notes() > 0) {
            results.add(entrant, "mean time of noting or deleting" + part, "ms", statements.meanNoteMillis());
        }
        results.add(
                entrant,
                "CPU of PostgreSQL" + part,
                "µs/event",
                to.postgres.since(from.postgres).microsPer(events));
    }

    private record Reading(CpuTime postgres, DatabaseWatch.Statements statements) {}
}
