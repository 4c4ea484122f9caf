package dev.freehold.outbox;

import java.time.Duration;
import java.util.Set;

/**
 * Limits and intervals of a relay.
 *
 * @param batchSize most events of one read, 1 to 10,000
 * @param batchBytes most payload bytes of one read, 64 KiB to 64 MiB; a single larger event is read alone
 * @param maxInFlight most reads whose events are sent and not yet acknowledged, 1 to 64; one more may be read ahead;
 *     with the bytes of a batch it bounds the memory of the relay
 * @param pollInterval how often the outbox is looked at when nobody calls {@link OutboxRelay#wakeUp}, 10 ms to 1 minute;
 *     while that finds events it is done every 10 ms, then less and less often
 * @param lease how long a relay that stopped answering keeps others from taking over, 1 second to 5 minutes; it is
 *     renewed three times as often
 * @param maxBackoff longest pause between attempts while the database or the broker is not available, 100 ms to 10
 *     minutes; the first is 100 ms and each is twice the one before, with jitter
 * @param maxParkedBackoff longest pause between attempts with a parked key, 100 ms to 1 day; the first is a second, or this
 *     if it is shorter, and each is twice the one before, with jitter
 * @param deadLetterTypes logical types of events that nobody waits for: one that is refused is put aside, and those of its
 *     key go on
 * @param shards into how many parts the keys are divided, 1 to 64; relays share them. All relays of an outbox should say the
 *     same; while they do not, the one that was started last is heeded. It can be changed at any time
 * @param retention how long published events are kept at least, 1 second or longer, zero for ever; they stay for up to twice
 *     as long
 */
public record RelaySettings(
        int batchSize,
        int batchBytes,
        int maxInFlight,
        Duration pollInterval,
        Duration lease,
        Duration maxBackoff,
        Duration maxParkedBackoff,
        Set<String> deadLetterTypes,
        int shards,
        Duration retention) {

    private static final int MOST_SHARDS = 64;

    /** Checks the bounds. */
    public RelaySettings {
        between("batchSize", batchSize, 1, 10_000);
        between("batchBytes", batchBytes, 64 << 10, 64 << 20);
        between("maxInFlight", maxInFlight, 1, 64);
        between("pollInterval", pollInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        between("lease", lease, Duration.ofSeconds(1), Duration.ofMinutes(5));
        between("maxBackoff", maxBackoff, Duration.ofMillis(100), Duration.ofMinutes(10));
        between("maxParkedBackoff", maxParkedBackoff, Duration.ofMillis(100), Duration.ofDays(1));
        deadLetterTypes = Set.copyOf(deadLetterTypes);
        between("shards", shards, 1, MOST_SHARDS);
        retention = new LogParts(retention).retention();
    }

    /**
     * 2,000 events and 8 MiB a read, 4 reads in flight, poll 1 s, lease 5 s, back-off up to 10 s, with parked keys up to 5
     * minutes, no dead letters, one shard, 7 days kept.
     */
    public static RelaySettings defaults() {
        return new RelaySettings(
                2_000,
                8 << 20,
                4,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Set.of(),
                1,
                LogParts.DEFAULT_RETENTION);
    }

    /** A copy with other limits of a read. */
    public RelaySettings withBatch(int size, int bytes) {
        return new RelaySettings(
                size,
                bytes,
                maxInFlight,
                pollInterval,
                lease,
                maxBackoff,
                maxParkedBackoff,
                deadLetterTypes,
                shards,
                retention);
    }

    /** A copy with another number of reads in flight. */
    public RelaySettings withMaxInFlight(int other) {
        return new RelaySettings(
                batchSize,
                batchBytes,
                other,
                pollInterval,
                lease,
                maxBackoff,
                maxParkedBackoff,
                deadLetterTypes,
                shards,
                retention);
    }

    /** A copy with another poll interval. */
    public RelaySettings withPollInterval(Duration other) {
        return new RelaySettings(
                batchSize,
                batchBytes,
                maxInFlight,
                other,
                lease,
                maxBackoff,
                maxParkedBackoff,
                deadLetterTypes,
                shards,
                retention);
    }

    /** A copy with another lease. */
    public RelaySettings withLease(Duration other) {
        return new RelaySettings(
                batchSize,
                batchBytes,
                maxInFlight,
                pollInterval,
                other,
                maxBackoff,
                maxParkedBackoff,
                deadLetterTypes,
                shards,
                retention);
    }

    /** A copy with other longest pauses: while database or broker are away, and between attempts with a parked key. */
    public RelaySettings withMaxBackoff(Duration away, Duration parked) {
        return new RelaySettings(
                batchSize,
                batchBytes,
                maxInFlight,
                pollInterval,
                lease,
                away,
                parked,
                deadLetterTypes,
                shards,
                retention);
    }

    /** A copy with other types that nobody waits for. */
    public RelaySettings withDeadLetterTypes(Set<String> other) {
        return new RelaySettings(
                batchSize,
                batchBytes,
                maxInFlight,
                pollInterval,
                lease,
                maxBackoff,
                maxParkedBackoff,
                other,
                shards,
                retention);
    }

    /** A copy with another number of shards. */
    public RelaySettings withShards(int other) {
        return new RelaySettings(
                batchSize,
                batchBytes,
                maxInFlight,
                pollInterval,
                lease,
                maxBackoff,
                maxParkedBackoff,
                deadLetterTypes,
                other,
                retention);
    }

    /** A copy with another retention. */
    public RelaySettings withRetention(Duration other) {
        return new RelaySettings(
                batchSize,
                batchBytes,
                maxInFlight,
                pollInterval,
                lease,
                maxBackoff,
                maxParkedBackoff,
                deadLetterTypes,
                shards,
                other);
    }

    private static <T extends Comparable<T>> void between(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be between " + least + " and " + most + ", was " + value);
        }
    }
}
