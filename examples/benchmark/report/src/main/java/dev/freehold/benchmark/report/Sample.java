package dev.freehold.benchmark.report;

import java.util.stream.LongStream;

/** Times in nanoseconds, of which quantiles are asked. */
public final class Sample {

    private final long[] sorted;

    private Sample(long[] sorted) {
        this.sorted = sorted;
    }

    /**
     * Takes the times.
     *
     * @throws IllegalStateException if there are none
     */
    public static Sample of(LongStream nanos) {
        long[] sorted = nanos.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalStateException("there is no event in the time that is looked at");
        }
        return new Sample(sorted);
    }

    /** What this share of the times, 0 to 1, does not exceed, in milliseconds. */
    public double millis(double quantile) {
        int index = (int) Math.ceil(quantile * sorted.length) - 1;
        return sorted[Math.max(0, index)] / 1e6;
    }
}
