package dev.freehold.benchmark.report;

/** Who takes part in a benchmark, by the name that stands in tables and files. */
public interface Labelled {

    /** In lower case, with hyphens. */
    String label();
}
