package dev.freehold.outbox;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What could not be published: to be looked at, published after all, sent elsewhere, or given up.
 *
 * <p>Every method is a transaction of its own on the service's database, may be called from any process and thread, while
 * relays run or not, and is logged with what it did. The active relay acts on it when it next notes its progress: within a tenth of
 * a second while events are published, and otherwise within a third of its lease, 1.7 seconds by default.
 */
public interface ParkedEvents {

    /** Keys that are parked, those that have been for longest first. */
    default List<Key> keys(int limit) {
        return keys(Selection.all(), limit);
    }

    /** Those that fit topic and key, and have an event that fits the rest; those that have been parked for longest first. */
    List<Key> keys(Selection selection, int limit);

    /** Parked events and dead letters, in the order in which they were parked. */
    List<Event> find(Selection selection, int limit);

    /**
     * Lets the relay try them now: the whole key of each event that waits, from its first one, since order is kept; and dead
     * letters again, for which later events of their key then wait until they are out.
     *
     * @return how many events matched
     */
    int replay(Selection selection);

    /**
     * Sends them to another topic, where they wait behind what may be parked there under their key, and are tried at once.
     *
     * @return how many events matched
     */
    int redirect(Selection selection, String topic);

    /**
     * Changes the type and version that consumers will see of them, such as the headers of an event with a mistyped type.
     *
     * @return how many events matched
     */
    int retype(Selection selection, String type, int version);

    /**
     * Gives them up: they will never be published, and those behind them in their key go on.
     *
     * @return how many events matched
     */
    int discard(Selection selection);

    /** Holds a key back from now on, until {@link #resume}; what is on its way is still published. */
    void pause(String topic, String key, String reason);

    /** Holds a whole topic back from now on, until {@link #resume(String)}. */
    void pause(String topic, String reason);

    /** Lets a key that is paused go on. */
    void resume(String topic, String key);

    /** Lets a topic that is paused go on. */
    void resume(String topic);

    /**
     * The parked events of a service's database.
     *
     * @throws OutboxException if the database is not supported or cannot be reached
     */
    static ParkedEvents of(DataSource dataSource) {
        return OutboxStores.parkedEvents(dataSource);
    }

    /**
     * A parked key.
     *
     * @param topic the topic
     * @param key the key; empty if the topic as a whole is paused
     * @param waiting how many of its events wait
     * @param attempts how often the first one has been tried in vain
     * @param nextAttemptAt when it will be tried again; null while it or its topic is paused
     * @param parkedAt since when it is parked
     * @param cause why
     */
    record Key(
            String topic,
            String key,
            long waiting,
            int attempts,
            @Nullable Instant nextAttemptAt,
            Instant parkedAt,
            String cause) {}

    /**
     * A parked event.
     *
     * @param id the id under which consumers will see it
     * @param dead whether it is put aside, and nobody waits for it
     * @param cause why it was refused; null if it waits behind another one
     * @param parkedAt since when it is parked
     * @param event the event itself
     */
    record Event(UUID id, boolean dead, @Nullable String cause, Instant parkedAt, StoredEvent event) {}

    /**
     * Which events: those that fit everything that is given.
     *
     * @param id the id, or null for any
     * @param topic the topic, or null for any
     * @param key the key, or null for any
     * @param type the logical type, or null for any
     * @param from published at that time or later, or null for any
     * @param until published before that time, or null for any
     */
    record Selection(
            @Nullable UUID id,
            @Nullable String topic,
            @Nullable String key,
            @Nullable String type,
            @Nullable Instant from,
            @Nullable Instant until) {

        /** Every parked event. */
        public static Selection all() {
            return new Selection(null, null, null, null, null, null);
        }

        /** The event with that id. */
        public static Selection id(UUID id) {
            return new Selection(id, null, null, null, null, null);
        }

        /** Those of a key. */
        public static Selection key(String topic, String key) {
            return new Selection(null, topic, key, null, null, null);
        }

        /** Those of a topic. */
        public static Selection topic(String topic) {
            return new Selection(null, topic, null, null, null, null);
        }

        /** Only those of a type. */
        public Selection ofType(String only) {
            return new Selection(id, topic, key, only, from, until);
        }

        /** Only those that were published from a time on and before another. */
        public Selection between(Instant first, Instant end) {
            return new Selection(id, topic, key, type, first, end);
        }
    }
}
