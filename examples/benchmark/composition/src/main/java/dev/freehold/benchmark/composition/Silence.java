package dev.freehold.benchmark.composition;

import dev.freehold.benchmark.report.Sample;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Many pages at once while one of four services never answers: when they end, with what, and what stays behind. */
final class Silence implements Measurement {

    private static final int ROWS = 50;
    private static final int PAGES = 200;
    private static final Duration BUDGET = Duration.ofMillis(400);

    /** Pages of each thread before the service falls silent: then code, connections and threads are there. */
    private static final int WARM_UP = 10;

    /** That moment is what is asked about: what is still held so long after the last page. */
    private static final Duration AFTERWARDS = Duration.ofMillis(100);

    @Override
    public void measure(Run run) throws Exception {
        List<Order> orders = Catalog.orders(ROWS);
        HttpServices services = new HttpServices(run.ports());
        Rules rules = Rules.forPages(PAGES).withBudget(BUDGET);
        try (Contestant contestant = run.entrant().create(services, rules)) {
            Crowd.times(PAGES, run.scale().rounds() * WARM_UP, () -> contestant.page(orders));
            services.silenceShipments(run.ports());
            long expected = Row.checksum(orders.stream()
                    .map(order -> Catalog.Expected.of(order).withoutShipments())
                    .toList());
            AtomicInteger whole = new AtomicInteger();
            Sample nanos = Crowd.times(PAGES, 1, () -> {
                if (Row.checksum(contestant.page(orders)) == expected) {
                    whole.incrementAndGet();
                }
            });
            Thread.sleep(AFTERWARDS.toMillis());
            int threads = services.active();
            int inFlight = contestant.callsInFlight();
            int sockets = HostState.of(run.ports()).openSilent();
            run.add("p50", "ms", nanos.millis(0.50));
            run.add("p99", "ms", nanos.millis(0.99));
            run.add("max", "ms", nanos.millis(1.00));
            run.add("pages that lack nothing else", "pages", whole.get());
            run.add("calls in flight afterwards", "calls", inFlight);
            run.add("threads in a call afterwards", "threads", threads);
            run.add("sockets open afterwards", "sockets", sockets);
        }
    }
}
