package dev.freehold.outbox;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Turns events into rows and hands them to the transaction of the thread. */
final class DefaultOutbox implements Outbox {

    private final DataSource dataSource;
    private final EventWriter writer;

    DefaultOutbox(DataSource dataSource, EventWriter writer) {
        this.dataSource = dataSource;
        this.writer = writer;
    }

    @Override
    public UUID publish(Object event) {
        OutboxTransaction transaction = transaction();
        EventType type = writer.typeOf(event);
        StoredEvent stored = writer.stored(type, event);
        if (type.order() == KeyOrder.LOCK_KEY) {
            transaction.lock(lockOf(stored));
        }
        transaction.add(stored);
        return stored.id();
    }

    /**
     * Publishes the state of an entity, whose row the transaction has locked.
     *
     * @param state null if the entity was deleted
     */
    void publishState(StateType type, Object id, @Nullable Object state) {
        transaction().add(writer.stored(type.event(), type.keyOf(id), state));
    }

    EventTypes types() {
        return writer.types();
    }

    /**
     * The transaction of the thread.
     *
     * @throws OutboxException if there is none that events can be published in
     */
    OutboxTransaction transaction() {
        if (!(TransactionSynchronizationManager.getResource(this) instanceof OutboxTransaction transaction)) {
            throw noTransaction();
        }
        if (!transaction.isOpen()) {
            throw new OutboxException(
                    "The transaction on thread '%s' has already stored its events and is completing."
                            .formatted(Thread.currentThread().getName()),
                    "Publish before it commits, not in afterCommit or @TransactionalEventListener(AFTER_COMMIT);"
                            + " or publish in a new transaction (Propagation.REQUIRES_NEW).");
        }
        if (transaction.sharesItsConnection()) {
            throw TransactionBinding.sharedConnection();
        }
        if (transaction.isReadOnly()) {
            throw new OutboxException(
                    "The transaction on thread '%s' is read-only."
                            .formatted(Thread.currentThread().getName()),
                    "Take readOnly = true off the method that publishes, or off the one that began the transaction.");
        }
        return transaction;
    }

    private OutboxException noTransaction() {
        String thread = Thread.currentThread().getName();
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            return new OutboxException(
                    "There is no transaction on thread '%s'.".formatted(thread),
                    "Call publish inside @Transactional or a TransactionTemplate, on the thread that began the transaction:"
                            + " not from @Async, another executor, a parallel stream or a reactive pipeline, and not by"
                            + " calling an annotated method of the same object.");
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            return new OutboxException(
                    "The transaction on thread '%s' is completing, or its manager does not synchronize."
                            .formatted(thread),
                    "Publish before the transaction commits; and leave transactionSynchronization of the transaction manager at ALWAYS.");
        }
        return new OutboxException(
                "The transaction on thread '%s' is not one of the outbox's database (%s)."
                        .formatted(thread, dataSource),
                "Name the transaction manager of that DataSource, as in @Transactional(\"…\"); without Spring Boot, give"
                        + " the manager to Outbox.builder().transactionManager(…); after another transaction's completion,"
                        + " begin a new one (Propagation.REQUIRES_NEW). JTA is not supported.");
    }

    /** 64-bit FNV-1a (Fowler, Noll, Vo) of topic and key. */
    private static long lockOf(StoredEvent event) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (event.topic() + '\0' + event.key()).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
