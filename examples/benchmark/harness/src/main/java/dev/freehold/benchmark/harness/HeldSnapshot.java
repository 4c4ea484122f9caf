package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.report.Results;
import dev.freehold.benchmark.report.Sample;
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
                Part first = part(load, watch, warmUp, warmUp.plus(quarter));
                Part last = part(load, watch, end.minus(quarter), end);
                watch.deadRows().forEach((table, rows) -> results.add(entrant, "dead rows, " + table, "rows", rows));
                Journeys journeys = load.awaitAll();
                report(entrant, ", first quarter", first, journeys);
                report(entrant, ", last quarter", last, journeys);
            }
            results.add(entrant, "latest start of a transaction", "ms", load.latestMillis());
            results.add(entrant, "duplicates", "events", load.receipts().duplicates());
            results.add(entrant, "inversions", "events", load.receipts().inversions());
        }
    }

    private Part part(SteadyLoad load, DatabaseWatch watch, Duration from, Duration to) throws Exception {
        load.sleepUntil(from);
        CpuTime postgres = servers.postgresCpu();
        DatabaseWatch.Statements statements = watch.statements();
        load.sleepUntil(to);
        return new Part(
                from,
                to,
                servers.postgresCpu().since(postgres),
                watch.statements().since(statements));
    }

    private void report(Entrant entrant, String which, Part part, Journeys journeys) {
        Sample latencies = journeys.sinceBefore(part.from, part.to);
        results.add(entrant, "from before the commit, p50" + which, "ms", latencies.millis(0.50));
        results.add(entrant, "from before the commit, p99" + which, "ms", latencies.millis(0.99));
        if (part.statements.reads() > 0) {
            results.add(entrant, "mean time of reading" + which, "ms", part.statements.meanReadMillis());
        }
        if (part.statements.notes() > 0) {
            results.add(entrant, "mean time of noting or deleting" + which, "ms", part.statements.meanNoteMillis());
        }
        int events = Math.toIntExact(part.to.minus(part.from).toMillis() * PER_SECOND / 1000);
        results.add(entrant, "CPU of PostgreSQL" + which, "µs/event", part.postgres.microsPer(events));
    }

    /** What was used in a part of the load. */
    private record Part(Duration from, Duration to, CpuTime postgres, DatabaseWatch.Statements statements) {}
}
