package dev.freehold.benchmark.harness;

/** One thing that is measured, repetition by repetition, all entrants in each. */
interface Scenario extends AutoCloseable {

    /** Whether an entrant can take part. */
    boolean admits(Entrant entrant);

    /** Gets ready what has to be there before the first repetition. */
    default void open() throws Exception {}

    /** Measures every entrant once and adds the figures to the results. */
    void repeat() throws Exception;

    @Override
    default void close() throws Exception {}
}
