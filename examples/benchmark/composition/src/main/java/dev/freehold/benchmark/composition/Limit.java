package dev.freehold.benchmark.composition;

import java.time.Duration;
import java.util.List;

/** Many keys, few of them a call, and few calls at once: how many there are, and how long it takes. */
final class Limit implements Measurement {

    private static final int KEYS = 2_000;
    /** So many that pools have a thread for each of the calls: those who have no limit show it. */
    private static final int PAGES = 50;

    private static final Duration DELAY = Duration.ofMillis(5);

    @Override
    public void measure(Run run) {
        List<Order> orders = Catalog.ordersOfDistinctCustomers(KEYS);
        long expected = Row.checksum(orders.stream()
                .map(order -> Catalog.Expected.of(order).onlyCustomer())
                .toList());
        MemoryServices memory = new MemoryServices(orders);
        WatchedServices services = WatchedServices.slow(memory, DELAY);
        long nanos = Long.MAX_VALUE;
        int rounds = run.scale().rounds() + 1;
        try (Contestant contestant = run.entrant().create(services, Rules.forPages(PAGES))) {
            for (int i = 0; i < rounds; i++) {
                long begin = System.nanoTime();
                List<? extends Row> rows = contestant.customersInBatches(orders);
                nanos = Math.min(nanos, System.nanoTime() - begin);
                Measurement.requireEqual("page of batches", expected, Row.checksum(rows));
            }
        }
        run.add("calls at once, peak", "calls", services.peak("customers"));
        run.add("calls a page", "calls", (double) services.calls("customers") / rounds);
        run.add("shortest time of a page", "ms", nanos / 1e6);
        run.add("least that the limit allows", "ms", DELAY.toNanos() / 1e6 * KEYS / Rules.FEW / Rules.FEW_CALLS);
    }
}
