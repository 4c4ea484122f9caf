package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Follows the transactions of one transaction manager.
 *
 * <p>The events are stored by {@link #beforeCommit}, which Spring calls after every synchronization and directly before
 * the commit: whatever listeners change or publish before that is included.
 *
 * <ol>
 *   <li>The persistence context is flushed, so the rows that the transaction changes are locked from here on.
 *   <li>States of entities that it changed are made into events.
 *   <li>Locks on keys are taken, in ascending order, for the event types that ask for them.
 *   <li>The events are inserted in one batch; only now are their positions drawn. So of two transactions that change
 *       one aggregate, the one that commits first also has the lower positions.
 * </ol>
 */
final class TransactionBinding implements TransactionExecutionListener {

    private static final SQLExceptionTranslator TRANSLATOR = new SQLExceptionSubclassTranslator();
    private static final int MOST_ROUNDS = 3;
    private static final String APPEND = "INSERT INTO outbox_event …";

    private final Object key;
    private final DataSource dataSource;
    private final OutboxStore store;
    private final Runnable persistenceFlush;
    private final Runnable wakeUp;

    TransactionBinding(
            Object key, DataSource dataSource, OutboxStore store, Runnable persistenceFlush, Runnable wakeUp) {
        this.key = key;
        this.dataSource = dataSource;
        this.store = store;
        this.persistenceFlush = persistenceFlush;
        this.wakeUp = wakeUp;
    }

    @Override
    public void afterBegin(TransactionExecution execution, @Nullable Throwable beginFailure) {
        ConnectionHolder connection = connectionHolder();
        if (beginFailure == null
                && execution.isNewTransaction()
                && TransactionSynchronizationManager.isSynchronizationActive()
                && connection != null) {
            OutboxTransaction.begin(key, connection, wakeUp, execution.isReadOnly());
        }
    }

    @Override
    public void beforeCommit(TransactionExecution execution) {
        if (execution.isNewTransaction()
                && TransactionSynchronizationManager.getResource(key) instanceof OutboxTransaction transaction) {
            store(transaction);
        }
    }

    private void store(OutboxTransaction transaction) {
        if (!transaction.isReadOnly()) {
            persistenceFlush.run(); // also when there is no event yet: entity listeners may publish
            publishDeferred(transaction);
        }
        transaction.close();
        if (transaction.sharesItsConnection() && transaction.hasEventsAtStake()) {
            throw sharedConnection();
        }
        if (transaction.isEmpty()) {
            return;
        }
        ConnectionHolder holder = connectionHolder();
        if (holder == null) {
            throw new OutboxException(
                    "The transaction lost its connection before its %d events were stored."
                            .formatted(transaction.events().size()),
                    "It was rolled back. Leave the connection of a running transaction bound to its thread.");
        }
        Connection connection = holder.getConnection();
        try {
            store.append(connection, transaction.events(), transaction.locks());
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** What making a state may have changed itself is written, too, and is no state to be published again. */
    private void publishDeferred(OutboxTransaction transaction) {
        for (int round = 0; transaction.hasDeferred(); round++) {
            if (round == MOST_ROUNDS) {
                throw new OutboxException(
                        "Entities change each time their states are made, %d times by now.".formatted(round),
                        "Let the constructor or function of a @PublishedState change nothing; and give equals() to mutable"
                                + " values of its attributes, or Hibernate writes them at each flush.");
            }
            transaction.publishDeferred();
            persistenceFlush.run();
        }
    }

    static OutboxException sharedConnection() {
        return new OutboxException(
                "Two transaction managers have begun a transaction each on one connection, so each would commit the other's changes.",
                "Use one of them for both, the JPA one if there is JPA: it serves JDBC on the same DataSource too.");
    }

    /** Spring's exceptions, so that what callers do about deadlocks and serialization failures works here too. */
    private static DataAccessException translated(SQLException failure) {
        DataAccessException translated = TRANSLATOR.translate("store the transaction's events", APPEND, failure);
        return translated != null
                ? translated
                : new UncategorizedSQLException("store the transaction's events", APPEND, failure);
    }

    private @Nullable ConnectionHolder connectionHolder() {
        return (ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource);
    }
}
