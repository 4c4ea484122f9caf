package dev.freehold.benchmark.composition;

import java.util.List;

/** How often a source is asked that always fails, if a call may be tried three times. */
final class Outage implements Measurement {

    private static final int ROWS = 10;
    private static final int ATTEMPTS = 3;

    @Override
    public void measure(Run run) {
        List<Order> orders = Catalog.orders(ROWS);
        WatchedServices services = WatchedServices.without("customers", new MemoryServices(orders));
        long expected = Row.checksum(orders.stream()
                .map(order -> Catalog.Expected.of(order).withoutCustomer())
                .toList());
        int pages = run.scale().outagePages();
        try (Contestant contestant =
                run.entrant().create(services, Rules.forPages(1).withAttempts(ATTEMPTS))) {
            for (int i = 0; i < pages; i++) {
                Measurement.requireEqual("page in an outage", expected, Row.checksum(contestant.page(orders)));
            }
        }
        run.add("attempts a call", "attempts", (double) services.calls("customers") / pages);
        run.add("calls of another source a page", "calls", (double) services.calls("products") / pages);
    }
}
