package dev.freehold.inbox;

import java.time.Duration;

/**
 * What to do with messages that cannot be handled.
 *
 * @param maxAttempts how often a failing message is tried alone before its key is parked, 1 to 100
 * @param backoff pause after the first of these attempts, 1 ms to 1 minute; each further one is twice as long, up to 10
 *     seconds, so all attempts together must stay below {@code max.poll.interval.ms}
 * @param unknownType what becomes of messages whose type no listener of the group handles
 */
public record InboxSettings(int maxAttempts, Duration backoff, UnknownType unknownType) {

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    /** Checks the bounds. */
    public InboxSettings {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("maxAttempts must be between 1 and 100, was " + maxAttempts);
        }
        if (backoff.compareTo(Duration.ofMillis(1)) < 0 || backoff.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("backoff must be between 1 ms and 1 minute, was " + backoff);
        }
    }

    /** 4 attempts, 200 ms after the first; unknown types are ignored. */
    public static InboxSettings defaults() {
        return new InboxSettings(4, Duration.ofMillis(200), UnknownType.IGNORE);
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
