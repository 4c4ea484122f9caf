package dev.freehold.inbox;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Hands messages to the listeners of one group, each once. */
public interface InboxConsumer {

    /** Name of the group. */
    String group();

    /** Topics that its listeners are for. */
    Set<String> topics();

    /** How long it recognises a message that it has handled; zero for ever. */
    Duration retention();

    /**
     * Handles messages in their order, all of them in one transaction.
     *
     * <p>If a handler throws, the batch is split until the message stands alone; it is tried again with pauses, and then
     * parked with its cause. Messages of a parked key are parked behind it. When this method returns, every message is
     * handled, passed over or parked, for good.
     *
     * @throws RuntimeException if the database cannot be reached; nothing is lost if the messages are handed over again
     */
    void handle(List<InboxMessage> messages);

    /**
     * Handles the parked messages of a key in their order, each in a transaction of its own; the key is free again when
     * none is left.
     *
     * @return how many were handled; at the first that fails again, it and those behind it stay parked
     */
    int replay(String key);

    /** Keys that are parked now, in the order of their parking. */
    List<String> parkedKeys();

    /**
     * Messages that are parked now, in the order of their parking.
     *
     * @param limit how many at most
     */
    List<ParkedMessage> parked(int limit);

    /**
     * Takes a parked message out without handling it; those behind it stay parked until {@link #replay}.
     *
     * @return whether it was parked
     */
    boolean discard(UUID id);

    /** What this consumer has done since it started. */
    InboxStatus status();
}
