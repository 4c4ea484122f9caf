package dev.freehold.outbox;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Carries events from the outbox to where they go. Its methods may be called from several threads, one for each shard. */
public interface OutboxTransport extends AutoCloseable {

    /**
     * Opens the way out for one shard of the outbox. The relay opens one when it has taken the shard's lease, and closes
     * it after a failure and when it gives the lease back.
     *
     * @param shard name of the shard, the same whoever opens it
     * @throws RuntimeException if it cannot be opened now; the relay tries again
     */
    Session open(String shard);

    /**
     * Called once by a relay that waits for another one to go: what can be done before a session is opened, so that the first one
     * opens soon. Should take no longer than some seconds.
     *
     * @throws RuntimeException if it cannot be done now
     */
    default void prepare() {
        // nothing has to be
    }

    /** Ends the transport, after its sessions. */
    @Override
    void close();

    /**
     * One relay's time with a shard. Used by one thread.
     *
     * <p>What it must keep: events of one key become visible in the order in which they were handed over, also across
     * calls. Once an event has failed, nothing of its key that was handed over after it becomes visible, and every later
     * call fails; after {@link #close} nothing new becomes visible.
     */
    interface Session extends AutoCloseable {

        /**
         * What was visible for good when this session was opened: the last mark that a transport kept which makes events
         * and mark visible together, whoever handed them over; nothing that was handed over before and has no part in it
         * becomes visible any more. Empty if the transport keeps no marks or has none yet: then the relay goes on from
         * where its own notes end, and events may be sent twice.
         */
        default Optional<Mark> mark() {
            return Optional.empty();
        }

        /**
         * Why an event can not be sent, as long as nothing is changed about it or about where it goes: it is parked then,
         * and the others go on. Asked before it is handed over, for each event, so the answer must be quick.
         *
         * @return one sentence, or empty if nothing is known that stands against it
         * @throws RuntimeException if that cannot be found out now
         */
        default Optional<String> obstacle(StoredEvent event) {
            return Optional.empty();
        }

        /**
         * Hands over events without waiting for their acknowledgement. Calls may follow each other before earlier ones
         * are acknowledged.
         *
         * @param events in the order of their keys' commits, at least one
         * @param mark how far the outbox is published with them
         * @return completes when every one of the events is acknowledged for good, on any thread, or exceptionally when
         *     the first of them can not be; then the relay closes the session, and hands them over again in another one,
         *     without the one that a {@link Refused} names
         */
        CompletableFuture<Void> send(List<StoredEvent> events, Mark mark);

        /** Forgets what was handed over and is not acknowledged. */
        @Override
        void close();
    }

    /** An event was refused for good, as far as can be told; it will be parked. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient StoredEvent event;

        /**
         * @param event the event that was refused
         * @param reason why, one sentence
         * @param cause what it came from
         */
        public Refused(StoredEvent event, String reason, Throwable cause) {
            super(reason, cause);
            this.event = event;
        }

        /** The event that was refused. */
        public StoredEvent event() {
            return event;
        }
    }

    /**
     * How far a shard is published.
     *
     * @param number grows with every mark of the shard, across sessions and owners
     * @param progress text in the relay's own form, of visible ASCII characters
     */
    record Mark(long number, String progress) {}
}
