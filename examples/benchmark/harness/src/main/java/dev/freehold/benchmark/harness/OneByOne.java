package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.report.Results;
import java.util.List;
import java.util.function.Predicate;

/** A scenario in which entrants take turns, so that one which fails does not keep the others from finishing. */
final class OneByOne implements Scenario {

    private final List<Entrant> entrants;
    private final Measurement measurement;
    private final Results results;

    OneByOne(List<Entrant> entrants, Predicate<Entrant> admitted, Measurement measurement, Results results) {
        this.entrants = entrants.stream().filter(admitted).toList();
        this.measurement = measurement;
        this.results = results;
    }

    @Override
    public void repeat() throws InterruptedException {
        for (Entrant entrant : entrants) {
            try {
                measurement.measure(entrant);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                // the other entrants' figures are worth having, and the run is reported as failed
                results.addFailure(entrant, e);
            }
        }
    }

    /** Measures one entrant once. */
    @FunctionalInterface
    interface Measurement {
        void measure(Entrant entrant) throws Exception;
    }
}
