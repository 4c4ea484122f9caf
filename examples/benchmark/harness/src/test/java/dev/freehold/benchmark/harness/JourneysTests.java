package dev.freehold.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JourneysTests {

    private static final int PER_SECOND = 1_000;
    private static final long BEGIN = 5_000_000_000L;

    /** Event 0 takes one millisecond from its commit on, event 1 two, event 2 three; event 3 comes ten after event 2. */
    @Test
    void tellTimesAndPausesOfAPartOfTheLoad(@TempDir Path directory) throws IOException {
        Journeys journeys = journeys(directory.resolve("times"), 1, 3, 5, 15);
        assertThat(journeys.sinceBefore(Duration.ZERO, Duration.ofMillis(3)).millis(1.0))
                .isEqualTo(3);
        assertThat(journeys.sinceBefore(Duration.ofMillis(1), Duration.ofMillis(2))
                        .millis(0.5))
                .isEqualTo(2);
        assertThat(journeys.sinceAfter(Duration.ofMillis(1), Duration.ofMillis(2))
                        .millis(0.5))
                .isEqualTo(1.5);
        assertThat(journeys.longestPauseMillis(Duration.ZERO, Duration.ofMillis(20)))
                .isEqualTo(10);
        assertThat(journeys.longestPauseMillis(Duration.ZERO, Duration.ofMillis(5)))
                .isEqualTo(2);
    }

    private static Journeys journeys(Path times, int... receivedMillis) throws IOException {
        Receipts receipts = new Receipts(receivedMillis.length, 1);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(times))) {
            for (int number = 0; number < receivedMillis.length; number++) {
                out.writeLong(BEGIN + number * 1_000_000L);
                out.writeLong(BEGIN + number * 1_000_000L + 500_000);
                receipts.add(number, BEGIN + receivedMillis[number] * 1_000_000L);
            }
        }
        return Journeys.read(times, receivedMillis.length, BEGIN, PER_SECOND, receipts);
    }
}
