package dev.freehold.benchmark.composition;

import dev.freehold.benchmark.report.Sample;
import java.time.Duration;
import java.util.List;

/** How long a page takes whose four services answer over HTTP, each after its time, and one of them is asked after another. */
final class PageTimes implements Measurement {

    private static final int ROWS = 50;
    private static final int AT_ONCE = 32;

    /** Customers, then their addresses; the other two meanwhile. */
    private static final Duration CRITICAL_PATH = ServiceHost.DELAY.multipliedBy(2);

    @Override
    public void measure(Run run) throws Exception {
        List<Order> orders = Catalog.orders(ROWS);
        long expected = Row.checksum(orders.stream().map(Catalog.Expected::of).toList());
        boolean slow = run.entrant() == Entrant.N_PLUS_ONE; // seconds a page
        int pages = slow ? 1 : run.scale().pages();
        int warmUp = slow ? 1 : run.scale().warmUpPages();
        HttpServices services = new HttpServices(run.ports());
        Runnable bareCalls =
                () -> services.addresses(Lookup.addressIds(services.customers(Lookup.customerIds(orders))));
        try (Contestant contestant = run.entrant().create(services, Rules.forPages(AT_ONCE))) {
            Runnable page = () -> Measurement.requireEqual("page", expected, Row.checksum(contestant.page(orders)));
            Crowd.times(1, warmUp, page);
            report(run, "one at a time, ", Crowd.times(1, run.scale().pages(), bareCalls), page, 1, pages);
            Crowd.times(AT_ONCE, slow ? 1 : Math.max(1, warmUp / 10), page);
            int times = slow ? 1 : Math.max(1, pages / 5);
            report(run, "32 at once, ", Crowd.times(AT_ONCE, times, bareCalls), page, AT_ONCE, times);
        }
    }

    private static void report(Run run, String how, Sample bareCalls, Runnable page, int threads, int times)
            throws Exception {
        int before = HostState.of(run.ports()).calls();
        Sample nanos = Crowd.times(threads, times, page);
        int calls = HostState.of(run.ports()).calls() - before;
        run.add(how + "p50", "ms", nanos.millis(0.50));
        run.add(how + "p95", "ms", nanos.millis(0.95));
        run.add(how + "p99", "ms", nanos.millis(0.99));
        run.add(how + "p50 beyond the critical path", "ms", nanos.millis(0.50) - CRITICAL_PATH.toMillis());
        run.add(how + "p50 of the bare calls on the critical path", "ms", bareCalls.millis(0.50));
        run.add(how + "p50 beyond that of the bare calls", "ms", nanos.millis(0.50) - bareCalls.millis(0.50));
        run.add(how + "calls a page", "calls", (double) calls / (threads * times));
    }
}
