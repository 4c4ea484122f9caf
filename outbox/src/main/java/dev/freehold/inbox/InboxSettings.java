package dev.freehold.inbox;

import java.time.Duration;

/**
 * What to do with messages that cannot be handled.
 *
 * @param maxAttempts how often a failing message is tried alone before its key is parked, 1 to 100
 * @param backoff pause after the first of these attempts, 1 ms to 1 minute; each further one is twice as long, up to 10
 *     seconds, so all attempts together must stay below {@code max.poll.interval.ms}
 * @param unknownType what becomes of messages whose type no listener of the group handles
 * @param retention how long ids of handled messages are kept, so how late a message may be delivered again and still be
 *     recognised: 1 second to 30 days, and at least as long as the topics keep messages; zero for ever
 */
public record InboxSettings(int maxAttempts, Duration backoff, UnknownType unknownType, Duration retention) {

    /** A day more than Kafka keeps messages unless told otherwise. */
    private static final Duration DEFAULT_RETENTION = Duration.ofDays(8);

    private static final Duration LONGEST_RETENTION = InboxParts.LONGEST_RETENTION;
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    /** Checks the bounds. */
    public InboxSettings {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("maxAttempts must be between 1 and 100, was " + maxAttempts);
        }
        if (backoff.compareTo(Duration.ofMillis(1)) < 0 || backoff.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("backoff must be between 1 ms and 1 minute, was " + backoff);
        }
        boolean tooShort = retention.compareTo(Duration.ofSeconds(1)) < 0 && !retention.isZero();
        if (tooShort || retention.compareTo(LONGEST_RETENTION) > 0) {
            throw new IllegalArgumentException(
                    "retention must be between 1 second and 30 days, or zero to keep everything, was " + retention);
        }
    }

    /** 4 attempts, 200 ms after the first; unknown types are ignored; ids are kept for 8 days. */
    public static InboxSettings defaults() {
        return new InboxSettings(4, Duration.ofMillis(200), UnknownType.IGNORE, DEFAULT_RETENTION);
    }

    Duration pauseAfter(int attempt) {
        Duration pause = backoff.multipliedBy(1L << Math.min(attempt - 1, 20));
        return pause.compareTo(LONGEST_BACKOFF) < 0 ? pause : LONGEST_BACKOFF;
    }

    /** What becomes of messages whose type no listener of the group handles. */
    public enum UnknownType {
        /** They are passed over. */
        IGNORE,
        /** They are parked, so that a listener that comes later can still have them. */
        PARK
    }
}
