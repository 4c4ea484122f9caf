package dev.freehold.outbox;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The events of one transaction, from its begin to its end; bound to the thread while the transaction is not suspended.
 * Confined to that thread.
 */
final class OutboxTransaction implements TransactionSynchronization, Ordered {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final Object key;
    private final ConnectionHolder connection;
    private final Runnable wakeUp;
    private final boolean readOnly;
    private final List<StoredEvent> events = new ArrayList<>();
    private final SortedSet<Long> locks = new TreeSet<>();
    private final IdentityHashMap<Object, Integer> savepoints = new IdentityHashMap<>();
    private @Nullable DeferredEvents deferred;
    private boolean open = true;
    private @Nullable OutboxTransaction other;

    private OutboxTransaction(Object key, ConnectionHolder connection, Runnable wakeUp, boolean readOnly) {
        this.key = key;
        this.connection = connection;
        this.wakeUp = wakeUp;
        this.readOnly = readOnly;
    }

    static void begin(Object key, ConnectionHolder connection, Runnable wakeUp, boolean readOnly) {
        OutboxTransaction transaction = new OutboxTransaction(key, connection, wakeUp, readOnly);
        TransactionSynchronizationManager.registerSynchronization(transaction);
        TransactionSynchronizationManager.bindResource(key, transaction);
        transaction.claimConnection();
    }

    /** The claim stays while the transaction is suspended: then nobody else may have its connection. */
    private void claimConnection() {
        if (TransactionSynchronizationManager.getResource(connection) instanceof OutboxTransaction owner) {
            other = owner;
            owner.other = this;
        } else {
            TransactionSynchronizationManager.bindResource(connection, this);
        }
    }

    /**
     * Whether another transaction works on the same connection, as when a JDBC manager begins one inside a JPA manager's:
     * each would commit the other's changes.
     */
    boolean sharesItsConnection() {
        return other != null;
    }

    /** Whether it or the one that it shares the connection with has events. */
    boolean hasEventsAtStake() {
        return !events.isEmpty() || (other != null && !other.events.isEmpty());
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** False once the events have been stored, or the transaction is about to end without. */
    boolean isOpen() {
        return open;
    }

    void add(StoredEvent event) {
        events.add(event);
    }

    void lock(long keyLock) {
        locks.add(keyLock);
    }

    /** What was deferred, or nothing yet. */
    @Nullable
    DeferredEvents deferred() {
        return deferred;
    }

    /** Events to be made when everything is written; they take the place of what was deferred before. */
    void defer(DeferredEvents later) {
        deferred = later;
    }

    boolean hasDeferred() {
        return deferred != null && !deferred.isEmpty();
    }

    /** Makes the events of what is written by now. */
    void publishDeferred() {
        if (deferred != null) {
            deferred.publish();
        }
    }

    /** Closes the transaction for further events. */
    void close() {
        open = false;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    List<StoredEvent> events() {
        return events;
    }

    /** In one order everywhere, so that two transactions never wait for each other. */
    List<Long> locks() {
        return List.copyOf(locks);
    }

    /** First, so that the relay starts before other listeners take their time. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.put(savepoint, events.size());
    }

    @Override
    public void savepointRollback(Object savepoint) {
        Integer size = savepoints.get(savepoint);
        if (size != null) {
            events.subList(size, events.size()).clear();
        }
    }

    @Override
    public void suspend() {
        TransactionSynchronizationManager.unbindResourceIfPossible(key);
    }

    @Override
    public void resume() {
        TransactionSynchronizationManager.bindResource(key, this);
    }

    @Override
    public void afterCommit() {
        if (events.isEmpty()) {
            return;
        }
        CommittedEvents.add(events);
        try {
            wakeUp.run();
        } catch (RuntimeException e) { // the transaction is committed; its caller must not see a failure
            log.warn("The relay could not be told of new events; it finds them by itself", e);
        }
    }

    @Override
    public void afterCompletion(int status) {
        open = false;
        TransactionSynchronizationManager.unbindResourceIfPossible(key);
        if (TransactionSynchronizationManager.getResource(connection) == this) {
            TransactionSynchronizationManager.unbindResource(connection);
        }
    }
}
