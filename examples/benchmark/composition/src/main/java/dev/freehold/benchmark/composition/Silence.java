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
    private static final Duration AFTERWARDS = Duration.ofMillis(100);

    @Override
    public void measure(Run run) throws Exception {
        List<Order> orders = Catalog.orders(ROWS);
        warmUp(run, orders);
        HttpServices services = HttpServices.withSilentShipments(run.ports());
        try (Contestant contestant =
                run.entrant().create(services, Rules.generous().withBudget(BUDGET))) {
            Crowd.times(1, 1, () -> contestant.page(orders));
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
            run.add("p50", "ms", nanos.millis(0.50));
            run.add("p99", "ms", nanos.millis(0.99));
            run.add("max", "ms", nanos.millis(1.00));
            run.add("pages that lack nothing else", "pages", whole.get());
            run.add("calls in flight afterwards", "calls", inFlight);
            run.add("threads in a call afterwards", "threads", threads);
            run.add(
                    "sockets open afterwards",
                    "sockets",
                    HostState.of(run.ports()).openSilent());
        }
    }

    /** With services that answer, as many pages at once: code, connections and threads are there. */
    private static void warmUp(Run run, List<Order> orders) throws InterruptedException {
        try (Contestant contestant = run.entrant().create(HttpServices.at(run.ports()), Rules.generous())) {
            Crowd.times(PAGES, Math.max(2, run.scale().warmUpPages() / 20), () -> contestant.page(orders));
        }
    }
}
