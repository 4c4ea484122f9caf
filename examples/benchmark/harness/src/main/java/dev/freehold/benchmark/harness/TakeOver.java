package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.report.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * How long nothing arrives when the active one of two relays is killed, and when it is told to stop, under a steady load that
 * a third process writes. Afterwards another relay is started, so that there are two again.
 */
record TakeOver(Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    private static final int PER_SECOND = 200;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    @Override
    public void measure(Entrant entrant) throws Exception {
        try (SteadyLoad load = SteadyLoad.open(servers, entrant, PER_SECOND, LONGEST);
                Relays relays = new Relays(entrant, load.surroundings())) {
            load.start(entrant.writer());
            relays.add();
            load.begin();
            load.sleepUntil(settings.warmUp());
            load.awaitReceiverToCatchUp();
            relays.add();
            List<Span> killed = endSome(load, relays, ContestantJvm::close);
            List<Span> stopped = endSome(load, relays, ContestantJvm::terminate);
            load.end();
            Journeys journeys = load.awaitAll();
            report(entrant, "killed", killed, journeys);
            report(entrant, "stopped", stopped, journeys);
            results.add(entrant, "duplicates", "events", load.receipts().duplicates());
            results.add(entrant, "inversions", "events", load.receipts().inversions());
        }
    }

    private List<Span> endSome(SteadyLoad load, Relays relays, Consumer<ContestantJvm> how) throws Exception {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < settings.takeOvers(); i++) {
            load.sleepUntil(load.elapsed().plus(settings.warmUp().dividedBy(2))); // the new one gets ready
            Duration from = load.elapsed();
            relays.endActive(how);
            load.awaitReceiverToCatchUp();
            spans.add(new Span(from.minus(MOMENT), load.elapsed()));
            relays.add();
        }
        return spans;
    }

    private void report(Entrant entrant, String how, List<Span> spans, Journeys journeys) {
        double[] pauses = spans.stream()
                .mapToDouble(span -> journeys.longestPauseMillis(span.from, span.to))
                .sorted()
                .toArray();
        double longestWait = spans.stream()
                .mapToDouble(span -> journeys.sinceBefore(span.from, span.to).millis(1.00))
                .max()
                .orElseThrow();
        results.add(
                entrant,
                "pause when " + how + ", longest",
                "ms",
                DoubleStream.of(pauses).max().orElseThrow());
        results.add(entrant, "pause when " + how + ", median", "ms", pauses[pauses.length / 2]);
        results.add(entrant, "longest wait of an event when " + how, "ms", longestWait);
    }

    private record Span(Duration from, Duration to) {}
}
