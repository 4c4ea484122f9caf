package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The outbox in one kind of database. Methods without a connection use one of their own, in a transaction of their own. */
interface OutboxStore {

    /** Checks that the tables are there and as needed. */
    void check() throws SQLException;

    /** Stores events in the connection's transaction, in this order; with locks on those whose type asks for it. */
    void append(Connection connection, List<StoredEvent> events, List<Long> locks) throws SQLException;

    /** How the shards are shared out. */
    ShardStore shards();

    /** Takes the lease of a shard if it is free or already the owner's, and the shard is not done. */
    Optional<Lease> acquire(String owner, int shard, Duration duration) throws SQLException;

    /** Called once by an owner before it reads, with the progress that it starts from. */
    void begin(Lease lease, Progress start) throws SQLException;

    /** Reads on from the progress what is in the lease's shard. May return nothing but a later progress. */
    Page read(Lease lease, Progress from, PageLimit limit) throws SQLException;

    /** Whether reading changes nothing, so that a page may be read which is not sent. */
    boolean canReadAhead();

    /** Notes the progress and renews the lease; empty if the lease is somebody else's by now, and nothing was noted. */
    Optional<Noted> save(Lease lease, Progress progress, Duration duration) throws SQLException;

    /**
     * What is told to who notes the progress.
     *
     * @param hasParkedKeys whether any key is parked
     * @param stage where the shard is on the way to another number of shards
     */
    record Noted(boolean hasParkedKeys, Stage stage) {}

    /** Notes that the owner has done what its shard's phase asks for; empty as above. */
    Optional<Stage> complete(Lease lease) throws SQLException;

    /** Sets the progress of all shards back, so that what was published since that time is published again; how much that is. */
    long rewind(Instant time) throws SQLException;

    /** Where everything begins that is in the outbox since that time, and committed now; empty if that is nothing. */
    Optional<Progress> since(Instant time) throws SQLException;

    /** Reads on from there, whatever has been published, and in all shards. */
    Page readAgain(Progress from, PageLimit limit) throws SQLException;

    /** What waits. */
    Backlog backlog() throws SQLException;

    /** The events that are parked. */
    ParkedStore parked();

    /** Empties those parts of the log whose events are all published and older than that; how many they were. */
    int emptyOldParts(Duration retention) throws SQLException;

    /** The way to tell relays, wherever they are, that there is something to do. */
    WakeUps wakeUps();

    /** What relays in other processes are told. */
    enum WakeUp {
        /** There are events. */
        EVENTS,
        /** A lease is free, or shards are about to change. */
        LEASE
    }

    /** Wake-ups between processes; what is missed is found by polling. */
    interface WakeUps {

        /** Wakes whoever listens. */
        void send(WakeUp what) throws SQLException;

        /** Whether a connection can be kept for listening. */
        boolean canListen();

        /** Listens on the calling thread, until told not to, or for some minutes. */
        void listen(Listener listener) throws SQLException;
    }

    /** Somebody who listens. */
    interface Listener {

        /** Asked now and then, at least every second. */
        boolean isListening();

        /** There may be something to do. */
        void wakeUp(WakeUp what);
    }

    /** Notes the progress and gives the lease back, so that another relay need not wait for its end. */
    void release(Lease lease, Progress progress) throws SQLException;
}
