package dev.freehold.inbox;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The inbox's tables; every method works in the transaction of the thread. */
interface InboxStore {

    /** Notes ids as handled; returns those that were not noted before. */
    Set<UUID> note(String consumer, List<UUID> ids);

    /** Which of the keys are parked. */
    Set<String> parked(String consumer, Set<String> keys);

    /** Keeps others from parking messages of these keys, or replaying them, until the transaction ends. */
    void lock(String consumer, Set<String> keys);

    /** Parks a message, unless it is parked already. */
    void park(String consumer, InboxMessage message, String cause);

    /** All parked keys in the order of their first message. */
    List<String> parkedKeys(String consumer);

    /** Takes the first parked message of a key out, locking it against other replays. */
    Optional<InboxMessage> takeFirst(String consumer, String key);
}
