package dev.freehold.outbox;

import java.time.Duration;
import java.time.Instant;

/**
 * The log's parts, which take turns, so that old events go by truncating a part: nothing is deleted row by row, and no part
 * has to be made ahead of its time. If a part has not become free when its turn comes again, because its events are not
 * published yet, it takes the new ones too, and is truncated a turn later.
 *
 * <p>The rotation of tables is from PgQ (Skype, 2006).
 *
 * @param retention how long events are kept; zero for ever
 */
record LogParts(Duration retention) {

    static final Duration DEFAULT_RETENTION = Duration.ofDays(7);
    static final int COUNT = 4;

    /** Those that are neither being written to nor about to be hold one retention. */
    private static final int PARTS_OF_A_RETENTION = COUNT - 2;

    LogParts {
        if (retention.isNegative() || (!retention.isZero() && retention.compareTo(Duration.ofSeconds(1)) < 0)) {
            throw new IllegalArgumentException(
                    "retention must be at least 1 second, or zero to keep everything, was " + retention);
        }
    }

    /** The part whose turn it is at that time. */
    int at(Instant time) {
        Duration turn = (retention.isZero() ? DEFAULT_RETENTION : retention).dividedBy(PARTS_OF_A_RETENTION);
        return (int) Math.floorMod(Math.floorDiv(time.toEpochMilli(), turn.toMillis()), (long) COUNT);
    }
}
