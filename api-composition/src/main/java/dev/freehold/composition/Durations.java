package dev.freehold.composition;

import java.time.Duration;
import java.util.Locale;

/** Durations as people write them: {@code 400ms}, {@code 2s}, {@code 27.2ms}. */
final class Durations {

    private Durations() {}

    static String text(Duration duration) {
        double millis = duration.toNanos() / 1_000_000.0;
        if (duration.toNanos() % 1_000_000 == 0) {
            return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
        }
        return String.format(Locale.ROOT, millis < 10 ? "%.2fms" : millis < 100 ? "%.1fms" : "%.0fms", millis);
    }
}
