package dev.freehold.outbox;

import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;

/**
 * Publishes what stands in the outbox: at least once, and the events of one key in the order of their commits.
 *
 * <p>Any number of relays may run on one outbox, in any number of processes: one holds the lease and works, the others
 * wait to take over. If the keys are divided into several shards, there is a lease for each of them, and the relays have
 * about as many each. All methods may be called from any thread.
 */
public interface OutboxRelay extends AutoCloseable {

    /** Starts the relay's threads; does nothing if it runs. The database and the broker may be down at that time. */
    void start();

    /**
     * Stops reading, waits for what is being sent, notes the progress and gives the lease back, so that another relay
     * goes on at once.
     *
     * @param timeout how long to wait for acknowledgements; what has none by then is sent again by the next owner
     */
    void stop(Duration timeout);

    /** Whether the relay's thread runs. */
    boolean isRunning();

    /** Whether this relay holds the lease of a shard now, as far as it knows. */
    boolean isActive();

    /** How it is doing; cheap, asks nobody. */
    RelayStatus status();

    /**
     * What waits in the outbox, whoever is active; asks the database, on the calling thread.
     *
     * @throws OutboxException if the database cannot be asked
     */
    Backlog backlog();

    /**
     * Publishes again what stands in the outbox since a time, for consumers that have lost it: in the order of the log, with
     * the same ids, to the same topics; consumers with an inbox pass over what they have handled. May be called in any
     * process, whoever is active; a relay that is active starts from there within seconds, and publishes what it has at hand
     * before and again. What has left the log by its retention does not come back, and what is parked stays parked.
     *
     * @return how many events will be published again, about
     * @throws OutboxException if the database cannot be asked, or no relay has begun yet
     */
    long republishSince(Instant time);

    /**
     * Publishes the events of a topic that stand in the outbox since a time to another topic, for one consumer that has lost
     * them or begins late, while all others notice nothing: in the order of the log, with the same ids, up to what is
     * committed when it is called. Works on the calling thread, in any process, whoever is active.
     *
     * @param topic the topic whose events are meant
     * @param other where they go, a topic that the consumer reads meanwhile
     * @return how many events were published
     * @throws OutboxException if the database or the broker do not let it finish; it can be called again
     */
    long republishSince(Instant time, String topic, String other);

    /** Tells the relay, or the one that is active in another process, of events; cheap, never blocks. */
    void wakeUp();

    /** Stops with a timeout of 10 seconds, and closes the transport. */
    @Override
    void close();

    /** Starts building a relay without Spring Boot. */
    static Builder builder() {
        return new DefaultOutboxRelay.Builder();
    }

    /** What a relay needs: the database with the outbox, and a transport. */
    interface Builder {

        /** Database of the service. Required. */
        Builder dataSource(DataSource dataSource);

        /** What carries the events; closed with the relay. Required. */
        Builder transport(OutboxTransport transport);

        /** What the relay is called in logs and as its thread's name, such as the service's name; "outbox" unless told. */
        Builder name(String name);

        /** Limits and intervals; {@link RelaySettings#defaults} unless told. */
        Builder settings(RelaySettings settings);

        /**
         * @throws OutboxException if something is missing or the database is not supported
         */
        OutboxRelay build();
    }
}
