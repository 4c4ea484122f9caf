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
        refuses(() -> good.withBatch(0, 64 * KIB), "batchSize must be between 1 and 10000, was 0");
        refuses(() -> good.withBatch(10_001, 64 * KIB), "batchSize must be between 1 and 10000, was 10001");
        accepts(() -> good.withBatch(1, 64 * KIB), () -> good.withBatch(10_000, 64 * KIB));
    }

    @Test
    void refusesBatchBytesOutOfBounds() {
        refuses(() -> good.withBatch(1, 64 * KIB - 1), "batchBytes must be between 65536 and 67108864, was 65535");
        refuses(() -> good.withBatch(1, 64 * KIB * KIB + 1), "batchBytes must be between 65536 and 67108864");
        accepts(() -> good.withBatch(1, 64 * KIB), () -> good.withBatch(1, 64 * KIB * KIB));
    }

    @Test
    void refusesReadsInFlightOutOfBounds() {
        refuses(() -> good.withMaxInFlight(0), "maxInFlight must be between 1 and 64, was 0");
        refuses(() -> good.withMaxInFlight(65), "maxInFlight must be between 1 and 64, was 65");
        accepts(() -> good.withMaxInFlight(1), () -> good.withMaxInFlight(64));
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
        refuses(
                () -> good.withMaxBackoff(Duration.ZERO, Duration.ofMinutes(1)),
                "maxBackoff must be between PT0.1S and PT10M, was PT0S");
        refuses(
                () -> good.withMaxBackoff(Duration.ofHours(1), Duration.ofMinutes(1)),
                "maxBackoff must be between PT0.1S and PT10M, was PT1H");
        accepts(
                () -> good.withMaxBackoff(Duration.ofMillis(100), Duration.ofMinutes(1)),
                () -> good.withMaxBackoff(Duration.ofMinutes(10), Duration.ofMinutes(1)));
    }

    @Test
    void refusesAParkedBackoffOutOfBounds() {
        Duration second = Duration.ofSeconds(1);
        refuses(
                () -> good.withMaxBackoff(second, Duration.ofMillis(99)),
                "maxParkedBackoff must be between PT0.1S and");
        refuses(() -> good.withMaxBackoff(second, Duration.ofDays(2)), "was PT48H");
        accepts(
                () -> good.withMaxBackoff(second, Duration.ofMillis(100)),
                () -> good.withMaxBackoff(second, Duration.ofDays(1)));
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

    @Test
    void refusesAnInboxRetentionOutOfBounds() {
        refuses(
                () -> keeping(Duration.ofMillis(999)),
                "retention must be between 1 second and 30 days, or zero to keep everything, was PT0.999S");
        refuses(() -> keeping(Duration.ofSeconds(-1)), "was PT-1S");
        refuses(() -> keeping(Duration.ofDays(31)), "was PT744H");
        accepts(() -> keeping(Duration.ZERO), () -> keeping(Duration.ofDays(30)));
    }

    private static InboxSettings keeping(Duration retention) {
        return new InboxSettings(1, Duration.ofSeconds(1), InboxSettings.UnknownType.IGNORE, retention);
    }

    private static InboxSettings inbox(int maxAttempts, Duration backoff) {
        return new InboxSettings(maxAttempts, backoff, InboxSettings.UnknownType.IGNORE, Duration.ZERO);
    }

    private static void refuses(ThrowingCallable mistake, String message) {
        assertThatIllegalArgumentException().isThrownBy(mistake).withMessageContaining(message);
    }

    private static void accepts(ThrowingCallable least, ThrowingCallable most) {
        assertThatNoException().isThrownBy(least);
        assertThatNoException().isThrownBy(most);
    }
}
