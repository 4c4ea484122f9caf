package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Poison;
import java.util.stream.IntStream;

/**
 * What events that can never be sent cost the others: the first event of one key in a hundred is too large, in a backlog that
 * one warm relay drains. Compared is the rate of the other keys' events with that of a backlog without such events.
 *
 * <p>There are two kinds: those of which the topic's settings tell beforehand, and those just below the limit, which only the
 * broker refuses, because of what it adds to them.
 */
record Poisoned(Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    private static final int LARGEST_BATCH = 20_000;
    private static final Poison KNOWN = new Poison(LARGEST_BATCH + 1_000);
    private static final Poison REFUSED = new Poison(LARGEST_BATCH - 100);

    @Override
    public void measure(Entrant entrant) throws Exception {
        int events = settings.backlog(entrant);
        double healthy = run(entrant, events, Poison.NONE).warm().rate() * shareOfOtherKeys(events / 10);
        results.add(entrant, "rate without poison", "events/s", healthy);
        report(entrant, "known beforehand", run(entrant, events, KNOWN), healthy);
        report(entrant, "refused by the broker", run(entrant, events, REFUSED), healthy);
    }

    private static double shareOfOtherKeys(int keys) {
        return (double) IntStream.range(0, keys).filter(key -> !KNOWN.isIn(key)).count() / keys;
    }

    private BacklogRun.Outcome run(Entrant entrant, int events, Poison poison) throws Exception {
        return BacklogRun.withPoison(servers, entrant, events, LARGEST_BATCH, poison);
    }

    private void report(Entrant entrant, String kind, BacklogRun.Outcome poisoned, double healthy) {
        results.add(entrant, "rate, " + kind, "events/s", poisoned.warm().rate());
        results.add(entrant, "to no poison, " + kind, "ratio", poisoned.warm().rate() / healthy);
        results.add(entrant, "duplicates, " + kind, "events", poisoned.duplicates());
        results.add(entrant, "inversions, " + kind, "events", poisoned.inversions());
    }
}
