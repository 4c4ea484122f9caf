package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import dev.freehold.benchmark.report.Results;
import dev.freehold.benchmark.report.Sample;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * What transactions that stay open do to the events of others, and whether their own arrive when they are committed at last.
 *
 * <ol>
 *   <li>A time without them, for comparison.
 *   <li>As long a time with three of them: one that has stored an event, one that has stored an event and is prepared, and one
 *       that has written in another database of the server. Their events must not come yet.
 *   <li>The first two are committed: every event has to come.
 * </ol>
 */
record OpenTransaction(Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    private static final int PER_SECOND = 200;
    private static final Duration USUAL = Duration.ofSeconds(60);

    @Override
    public void measure(Entrant entrant) throws Exception {
        Surroundings elsewhere = servers.fresh(Entrant.NO_OUTBOX, 4);
        try {
            measure(entrant, elsewhere);
        } finally {
            servers.discard(elsewhere);
        }
    }

    private void measure(Entrant entrant, Surroundings elsewhere) throws Exception {
        Duration begin = settings.warmUp().multipliedBy(3); // or the second time would be faster for its compiled code
        Duration middle = begin.plus(settings.lengthOr(USUAL));
        Duration end = middle.plus(settings.lengthOr(USUAL));
        try (SteadyLoad load = SteadyLoad.open(servers, entrant, PER_SECOND, end)) {
            load.start(Role.BOTH);
            load.begin();
            load.sleepUntil(middle);
            Journeys journeys = holdUntilTheEnd(load, elsewhere);
            Sample before = journeys.sinceBefore(begin, middle);
            Sample meanwhile = journeys.sinceBefore(middle, end);
            results.add(entrant, "from before the commit, p50, before", "ms", before.millis(0.50));
            results.add(entrant, "from before the commit, p50, meanwhile", "ms", meanwhile.millis(0.50));
            results.add(entrant, "from before the commit, p99, before", "ms", before.millis(0.99));
            results.add(entrant, "from before the commit, p99, meanwhile", "ms", meanwhile.millis(0.99));
            results.add(entrant, "p99, meanwhile to before", "ratio", meanwhile.millis(0.99) / before.millis(0.99));
            results.add(entrant, "latest start of a transaction", "ms", load.latestMillis());
            results.add(entrant, "duplicates", "events", load.receipts().duplicates());
            results.add(entrant, "inversions", "events", load.receipts().inversions());
        }
    }

    private static Journeys holdUntilTheEnd(SteadyLoad load, Surroundings elsewhere) throws Exception {
        int first = load.events();
        int second = first + 1;
        load.service().hold(first);
        load.service().prepareTransaction(second, PreparedTransaction.NAME);
        try (PreparedTransaction prepared = new PreparedTransaction(load.surroundings());
                IdleTransaction other = IdleTransaction.thatWrites(elsewhere)) {
            Journeys journeys = load.awaitAll();
            if (IntStream.of(first, second).anyMatch(number -> load.receipts().receivedAt(number) != 0)) {
                throw new IllegalStateException("an event came before its commit");
            }
            load.service().release();
            prepared.commit();
            load.awaitOthers(2);
            return journeys;
        }
    }
}
