package dev.freehold.inbox;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The inbox's tables; every method but the first two and the last two works in the transaction of the thread. */
interface InboxStore {

    /** The isolation level that it needs, as {@link TransactionDefinition} numbers them. */
    default int isolation() {
        return TransactionDefinition.ISOLATION_DEFAULT;
    }

    /** Whether the thread is in a transaction of any kind. */
    default boolean isInTransaction() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

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

    /** The first parked messages, in the order of their parking. */
    List<ParkedMessage> parkedMessages(String consumer, int limit);

    /** Takes a parked message out; says whether there was one. */
    boolean discard(String consumer, UUID id);

    /** Takes the first parked message of a key out, locking it against other replays. */
    Optional<InboxMessage> takeFirst(String consumer, String key);

    /** Notes the version of a key's state, unless a higher one was noted before; says whether it was not. */
    boolean isPresent(String consumer, String type, String key, long version);

    /** Forgets the version of a key that is no more. */
    void forgetNewest(String consumer, String type, String key);

    /** What has become of messages by what is committed now, in one short look; those of which nothing is known are left out. */
    Map<Awaited, Awaited.Fate> look(List<Awaited> awaited);

    /** Takes out ids that have been kept for the retention, in transactions of its own; returns how many parts that were. */
    int emptyOldParts() throws SQLException;
}
