package dev.freehold.benchmark.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much is measured.
 *
 * @param repetitions rounds over all entrants
 * @param backlogLimit the largest backlog, a multiple of 40
 * @param slice how long one entrant writes until it is the next one's turn
 * @param slices how many slices a measurement of the write path has
 * @param warmUp how long a process works before its figures count
 * @param length how long a steady load is measured, where it is not what the scenario finds usual
 * @param takeOvers how often a relay is killed, and how often it is stopped in order
 * @param results the directory of the result files
 */
record Settings(
        List<Entrant> entrants,
        int repetitions,
        int backlogLimit,
        Duration slice,
        int slices,
        Duration warmUp,
        @Nullable Duration length,
        int takeOvers,
        Path results) {

    static Settings full(List<Entrant> entrants, int repetitions, int backlogLimit, @Nullable Duration length) {
        return new Settings(
                entrants,
                repetitions,
                backlogLimit,
                Duration.ofSeconds(2),
                6,
                Duration.ofSeconds(10),
                length,
                5,
                Path.of("..", "results"));
    }

    /** Proves that everything works; the figures mean nothing, and stay out of the results that are kept. */
    static Settings quick(List<Entrant> entrants) {
        return new Settings(
                entrants,
                1,
                400,
                Duration.ofMillis(500),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                1,
                Path.of("target", "results"));
    }

    static Settings fromProperties() {
        List<Entrant> entrants = Entrant.named(System.getProperty("contestants", "all"));
        if (Boolean.getBoolean("quick")) {
            return quick(entrants);
        }
        int seconds = Integer.getInteger("seconds", 0);
        return full(
                entrants,
                Integer.getInteger("repetitions", 3),
                Integer.getInteger("backlog", 100_000),
                seconds == 0 ? null : Duration.ofSeconds(seconds));
    }

    /** The backlog of an entrant: ten events a key. */
    int backlog(Entrant entrant) {
        return Math.min(entrant.backlog(), backlogLimit);
    }

    /** How long a steady load is measured. */
    Duration lengthOr(Duration usual) {
        return length == null ? usual : length;
    }
}
