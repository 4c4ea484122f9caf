package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.freehold.inbox.InboxSettings;
import dev.freehold.outbox.RelaySettings;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A value out of its bounds is refused with its name, the bounds, and what it was. */
class SettingsMistakeTests {

    private static final int KIB = 1024;

    private final RelaySettings good = RelaySettings.defaults();

    @Test
    void refusesABatchSizeOutOfBounds() {
        refuses(() -> good.withBatchSize(0), "batchSize must be between 1 and 10000, was 0");
        refuses(() -> good.withBatchSize(10_001), "batchSize must be between 1 and 10000, was 10001");
        accepts(() -> good.withBatchSize(1), () -> good.withBatchSize(10_000));
    }

    @Test
    void refusesBatchBytesOutOfBounds() {
        refuses(() -> batchBytes(64 * KIB - 1), "batchBytes must be between 65536 and 67108864, was 65535");
        refuses(() -> batchBytes(64 * KIB * KIB + 1), "batchBytes must be between 65536 and 67108864");
        accepts(() -> batchBytes(64 * KIB), () -> batchBytes(64 * KIB * KIB));
    }

    @Test
    void refusesReadsInFlightOutOfBounds() {
        refuses(() -> maxInFlight(0), "maxInFlight must be between 1 and 64, was 0");
        refuses(() -> maxInFlight(65), "maxInFlight must be between 1 and 64, was 65");
        accepts(() -> maxInFlight(1), () -> maxInFlight(64));
    }

    @Test
    void refusesAPollIntervalOutOfBounds() {
        refuses(() -> good.withPollInterval(Duration.ofMillis(9)), "pollInterval must be between PT0.01S and PT1M");
        refuses(() -> good.withPollInterval(Duration.ofSeconds(61)), "was PT1M1S");
        accepts(() -> good.withPollInterval(Duration.ofMillis(10)), () -> good.withPollInterval(Duration.ofMinutes(1)));
    }

    @Test
    void refusesALeaseOutOfBounds() {
        refuses(() -> good.withLease(Duration.ofMillis(999)), "lease must be between PT1S and PT5M, was PT0.999S");
        refuses(() -> good.withLease(Duration.ofMinutes(6)), "lease must be between PT1S and PT5M, was PT6M");
        accepts(() -> good.withLease(Duration.ofSeconds(1)), () -> good.withLease(Duration.ofMinutes(5)));
    }

    @Test
    void refusesABackoffOutOfBounds() {
        refuses(() -> maxBackoff(Duration.ZERO), "maxBackoff must be between PT0.1S and PT10M, was PT0S");
        refuses(() -> maxBackoff(Duration.ofHours(1)), "maxBackoff must be between PT0.1S and PT10M, was PT1H");
        accepts(() -> maxBackoff(Duration.ofMillis(100)), () -> maxBackoff(Duration.ofMinutes(10)));
    }

    @Test
    void refusesInboxAttemptsOutOfBounds() {
        refuses(() -> inbox(0, Duration.ofSeconds(1)), "maxAttempts must be between 1 and 100, was 0");
        refuses(() -> inbox(101, Duration.ofSeconds(1)), "maxAttempts must be between 1 and 100, was 101");
        accepts(() -> inbox(1, Duration.ofSeconds(1)), () -> inbox(100, Duration.ofMillis(1)));
    }

    @Test
    void refusesAnInboxBackoffOutOfBounds() {
        refuses(() -> inbox(4, Duration.ZERO), "backoff must be between 1 ms and 1 minute, was PT0S");
        refuses(() -> inbox(4, Duration.ofSeconds(-1)), "was PT-1S");
        refuses(() -> inbox(4, Duration.ofSeconds(61)), "was PT1M1S");
        accepts(() -> inbox(4, Duration.ofMillis(1)), () -> inbox(4, Duration.ofMinutes(1)));
    }

    private RelaySettings batchBytes(int bytes) {
        return new RelaySettings(
                good.batchSize(),
                bytes,
                good.maxInFlight(),
                good.pollInterval(),
                good.lease(),
                good.maxBackoff(),
                Duration.ofDays(7));
    }

    private RelaySettings maxInFlight(int reads) {
        return new RelaySettings(
                good.batchSize(),
                good.batchBytes(),
                reads,
                good.pollInterval(),
                good.lease(),
                good.maxBackoff(),
                Duration.ofDays(7));
    }

    private RelaySettings maxBackoff(Duration pause) {
        return new RelaySettings(
                good.batchSize(),
                good.batchBytes(),
                good.maxInFlight(),
                good.pollInterval(),
                good.lease(),
                pause,
                Duration.ofDays(7));
    }

    private static InboxSettings inbox(int maxAttempts, Duration backoff) {
        return new InboxSettings(maxAttempts, backoff, InboxSettings.UnknownType.IGNORE);
    }

    private static void refuses(ThrowingCallable mistake, String message) {
        assertThatIllegalArgumentException().isThrownBy(mistake).withMessageContaining(message);
    }

    private static void accepts(ThrowingCallable least, ThrowingCallable most) {
        assertThatNoException().isThrownBy(least);
        assertThatNoException().isThrownBy(most);
    }
}
