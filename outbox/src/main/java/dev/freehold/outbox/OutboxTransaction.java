package dev.freehold.outbox;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The events of one transaction, from its begin to its end; bound to the thread while the transaction is not suspended.
 * Confined to that thread.
 */
final class OutboxTransaction implements TransactionSynchronization, Ordered {

    private final Object key;
    private final Runnable wakeUp;
    private final boolean readOnly;
    private final List<StoredEvent> events = new ArrayList<>();
    private final SortedSet<Long> locks = new TreeSet<>();
    private final Map<Object, Integer> savepoints = new IdentityHashMap<>();
    private boolean open = true;

    private OutboxTransaction(Object key, Runnable wakeUp, boolean readOnly) {
        this.key = key;
        this.wakeUp = wakeUp;
        this.readOnly = readOnly;
    }

    static void begin(Object key, Runnable wakeUp, boolean readOnly) {
        OutboxTransaction transaction = new OutboxTransaction(key, wakeUp, readOnly);
        TransactionSynchronizationManager.registerSynchronization(transaction);
        TransactionSynchronizationManager.bindResource(key, transaction);
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
        if (!events.isEmpty()) {
            wakeUp.run();
        }
    }

    @Override
    public void afterCompletion(int status) {
        open = false;
        TransactionSynchronizationManager.unbindResourceIfPossible(key);
    }
}
