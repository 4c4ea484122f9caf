package dev.freehold.benchmark.composition;

import dev.freehold.benchmark.report.Sample;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A hundred pages at once that ask the same, for the same user: how often a source is asked the same question. */
final class ColdStart implements Measurement {

    private static final int ROWS = 50;
    private static final int PAGES = 100;

    /** Long enough for the last of the threads to begin while the first one's calls are in flight. */
    private static final Duration DELAY = Duration.ofMillis(250);

    private static final Duration CRITICAL_PATH = DELAY.multipliedBy(2);

    @Override
    public void measure(Run run) throws Exception {
        List<Order> orders = Catalog.orders(ROWS);
        long expected = Row.checksum(orders.stream().map(Catalog.Expected::of).toList());
        WatchedServices services = WatchedServices.slow(new MemoryServices(orders), DELAY);
        try (Contestant contestant =
                run.entrant().create(services, Rules.forPages(PAGES).withScope(Rules.Scope.SAME))) {
            Sample nanos = Crowd.times(
                    PAGES, 1, () -> Measurement.requireEqual("page", expected, Row.checksum(contestant.page(orders))));
            int calls = Stream.of("customers", "addresses", "shipments", "products")
                    .mapToInt(services::calls)
                    .sum();
            run.add("calls of a question, at most", "calls", services.mostCallsOfAQuestion());
            run.add("calls of all pages", "calls", calls);
            run.add("p50 beyond the critical path", "ms", nanos.millis(0.5) - CRITICAL_PATH.toMillis());
            run.add("max beyond the critical path", "ms", nanos.millis(1) - CRITICAL_PATH.toMillis());
        }
    }
}
