package dev.freehold.benchmark.composition;

import java.nio.file.Path;
import java.util.List;

/**
 * How much is measured.
 *
 * @param repetitions rounds over all entrants
 * @param scale {@code quick} or {@code full}
 * @param results the directory of the result files
 */
record Settings(List<Entrant> entrants, int repetitions, String scale, Path results) {

    /** Proves that everything works; the figures stay out of the results that are kept. */
    static Settings quick(List<Entrant> entrants) {
        return new Settings(entrants, 1, "quick", Path.of("target", "results"));
    }

    static Settings fromProperties() {
        List<Entrant> entrants = Entrant.named(System.getProperty("contestants", "all"));
        return Boolean.getBoolean("quick")
                ? quick(entrants)
                : new Settings(entrants, Integer.getInteger("repetitions", 3), "full", Path.of("..", "results"));
    }
}
