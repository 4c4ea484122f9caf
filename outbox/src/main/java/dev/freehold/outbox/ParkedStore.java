package dev.freehold.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The parked events of one kind of database. Every method is a transaction of its own. */
interface ParkedStore {

    /** Whether any key is parked. */
    boolean hasParkedKeys();

    /** Which of these keys are parked. */
    Set<TopicKey> parked(Set<TopicKey> among);

    /** Which of these events are dead letters. */
    Set<UUID> dead(Set<UUID> among);

    /**
     * Parks a key from now on, none of whose events is parked yet.
     *
     * @throws RelayTerm.LeaseLost if the lease is somebody else's by now, who may have published what would be parked
     */
    void parkKey(Lease lease, TopicKey key, String cause, Duration firstPause);

    /**
     * Takes events out of the log's way, in this order; and parks the keys of those that are not dead letters.
     *
     * @throws RelayTerm.LeaseLost as above
     */
    void park(Lease lease, List<Parking> events, Duration firstPause);

    /** Keys of a shard whose time for another attempt has come, the one that waits longest first. */
    List<TopicKey> due(Shard shard, int limit);

    /** How long it is to the shard's next attempt, negative if it is due; empty if no key waits for one. */
    Optional<Duration> untilNextAttempt(Shard shard);

    /** The first events of a parked key, as far as the relay's progress is beyond them. */
    List<StoredEvent> waiting(TopicKey key, int limit);

    /** Forgets events that have been published. */
    void remove(List<UUID> ids);

    /** Lets a key go on if none of its events is left; whether that was so. */
    boolean unpark(TopicKey key);

    /** Notes failed attempts and their causes; the next one is after twice the pause that this one was after, with jitter. */
    void failed(Map<TopicKey, String> causes, Duration firstPause, Duration longestPause);

    /**
     * An event of the log that is to be parked.
     *
     * @param position where it is in the log
     * @param key its key
     * @param dead whether nobody waits for it
     * @param cause why it cannot be sent, null if it waits behind another one
     */
    record Parking(
            long position,
            TopicKey key,
            boolean dead,
            @Nullable String cause) {

        /** Whether its key was not parked before. */
        boolean parksItsKey() {
            return !dead && cause != null;
        }
    }
}
