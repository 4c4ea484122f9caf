package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.report.Results;
import dev.freehold.benchmark.report.Sample;
import java.time.Duration;

/** How long after its commit an event is in a consumer's hands, under a steady load of business transactions. */
record Latency(int perSecond, Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    private static final Duration USUAL = Duration.ofSeconds(30);

    @Override
    public void measure(Entrant entrant) throws Exception {
        Duration end = settings.warmUp().plus(settings.lengthOr(USUAL));
        try (SteadyLoad load = SteadyLoad.open(servers, entrant, perSecond, end)) {
            load.start(Role.BOTH);
            load.begin();
            Journeys journeys = load.awaitAll();
            results.add(entrant, "latest start of a transaction", "ms", load.latestMillis());
            report(entrant, "from before the commit, ", journeys.sinceBefore(settings.warmUp(), end));
            report(entrant, "from after the commit, ", journeys.sinceAfter(settings.warmUp(), end));
            results.add(entrant, "duplicates", "events", load.receipts().duplicates());
            results.add(entrant, "inversions", "events", load.receipts().inversions());
        }
    }

    private void report(Entrant entrant, String from, Sample latencies) {
        results.add(entrant, from + "p50", "ms", latencies.millis(0.50));
        results.add(entrant, from + "p95", "ms", latencies.millis(0.95));
        results.add(entrant, from + "p99", "ms", latencies.millis(0.99));
        results.add(entrant, from + "max", "ms", latencies.millis(1.00));
    }
}
