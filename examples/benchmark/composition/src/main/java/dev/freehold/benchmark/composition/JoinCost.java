package dev.freehold.benchmark.composition;

import dev.freehold.benchmark.report.Sample;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a page costs whose sources answer from memory, on one thread: time, processor and memory by row. */
final class JoinCost implements Measurement {

    /** Told as ratios, too. */
    static final List<String> COMPARED = Stream.of(Size.values())
            .flatMap(size -> Stream.of(
                    size.metric("time of a row"), size.metric("CPU of a row"), size.metric("memory of a row")))
            .toList();

    private static final int MOST_PAGES = 1 << 20;

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final com.sun.management.OperatingSystemMXBean process =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Rows of a page. */
    private enum Size {
        SMALL(50),
        MIDDLE(1_000),
        LARGE(20_000);

        private final int rows;

        Size(int rows) {
            this.rows = rows;
        }

        private String metric(String name) {
            return "%d rows, %s".formatted(rows, name);
        }
    }

    @Override
    public void measure(Run run) {
        for (Size size : Size.values()) {
            List<Order> orders = Catalog.orders(size.rows);
            try (Contestant contestant = run.entrant().create(new MemoryServices(orders), Rules.forPages(1))) {
                Measurement.requireEqual(
                        size.metric("join"),
                        Row.checksum(orders.stream()
                                .map(order -> Catalog.Expected.of(order).withoutAddress())
                                .toList()),
                        Row.checksum(contestant.join(orders)));
                join(contestant, orders, run.scale().warmUp());
                report(run, size, join(contestant, orders, run.scale().slice()));
            }
        }
    }

    private void report(Run run, Size size, Cost cost) {
        double rows = (double) size.rows * cost.nanos().length;
        double pageMillis = Sample.of(Arrays.stream(cost.nanos())).millis(0.5);
        run.add(size.metric("time of a page"), "µs", pageMillis * 1e3);
        run.add(size.metric("time of a row"), "ns", pageMillis * 1e6 / size.rows);
        run.add(size.metric("CPU of a row"), "ns", cost.threadCpu() / rows);
        run.add(size.metric("CPU of a row with the collector's and the compiler's"), "ns", cost.processCpu() / rows);
        run.add(size.metric("memory of a row"), "B", cost.allocated() / rows);
    }

    /** Makes pages for so long. */
    private Cost join(Contestant contestant, List<Order> orders, Duration length) {
        long[] nanos = new long[MOST_PAGES];
        int pages = 0;
        int rows = 0;
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        long threadCpu = threads.getCurrentThreadCpuTime();
        long processCpu = process.getProcessCpuTime();
        long begin = System.nanoTime();
        long now = begin;
        while (pages < MOST_PAGES && (pages == 0 || now - begin < length.toNanos())) {
            rows += contestant.join(orders).size();
            long end = System.nanoTime();
            nanos[pages++] = end - now;
            now = end;
        }
        Cost cost = new Cost(
                Arrays.copyOf(nanos, pages),
                threads.getCurrentThreadCpuTime() - threadCpu,
                process.getProcessCpuTime() - processCpu,
                threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated);
        if (rows != pages * orders.size()) {
            throw new IllegalStateException("%d rows in %d pages".formatted(rows, pages));
        }
        return cost;
    }

    /**
     * Of all pages.
     *
     * @param nanos time of each page
     * @param threadCpu nanoseconds of the calling thread
     * @param processCpu nanoseconds of all threads
     * @param allocated bytes of the calling thread
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Cost(long[] nanos, long threadCpu, long processCpu, long allocated) {}
}
