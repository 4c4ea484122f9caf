package dev.freehold.benchmark.composition;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param warmUp how long a join runs before its figures count
 * @param slice how long it runs then
 * @param pages how many pages are asked for one after the other, or by each of several threads
 * @param warmUpPages how many before these do not count
 * @param outagePages how many pages an outage lasts
 * @param rounds how often many pages are asked for at once
 */
record Scale(Duration warmUp, Duration slice, int pages, int warmUpPages, int outagePages, int rounds) {

    static Scale full() {
        return new Scale(Duration.ofSeconds(5), Duration.ofSeconds(5), 300, 200, 10_000, 5);
    }

    /** Proves that everything works; the figures mean little. */
    static Scale quick() {
        return new Scale(Duration.ofMillis(700), Duration.ofMillis(100), 20, 40, 1_000, 1);
    }
}
