package dev.freehold.benchmark.composition;

/** Measures one contestant once, in a process of its own. */
@FunctionalInterface
interface Measurement {

    void measure(Run run) throws Exception;

    /**
     * What there is to measure, and with what.
     *
     * @param entrant who is measured
     * @param scale how much
     * @param ports where the services are that are asked over HTTP
     * @param figures takes the results
     */
    record Run(Entrant entrant, Scale scale, ServiceHost.Ports ports, Figures figures) {

        void add(String metric, String unit, double value) {
            figures.add(metric, unit, value);
        }
    }

    /** Where figures go. */
    @FunctionalInterface
    interface Figures {
        void add(String metric, String unit, double value);
    }

    /** Fails if a page is not what it should be: a fast wrong answer is none. */
    static void requireEqual(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException(
                    "%s: checksum of the rows is %d, should be %d".formatted(what, actual, expected));
        }
    }
}
