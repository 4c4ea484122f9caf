package dev.freehold.benchmark.harness;

/** One thing that is measured, repetition by repetition, all entrants in each. */
interface Scenario extends AutoCloseable {

    /** Measures every entrant once and adds the figures to the results. */
    void repeat() throws Exception;

    @Override
    default void close() throws Exception {}
}
