package dev.freehold.outbox;

import dev.freehold.outbox.internal.TransactionManagers;
import javax.sql.DataSource;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/** Binds an outbox to a transaction manager, if the two fit together. */
final class TransactionBindings {

    private TransactionBindings() {}

    static void bind(
            PlatformTransactionManager manager,
            DataSource dataSource,
            DefaultOutbox outbox,
            OutboxStore store,
            Runnable wakeUp) {
        DataSource managed = TransactionManagers.dataSourceOf(manager);
        if (managed == null || !(manager instanceof ConfigurableTransactionManager configurable)) {
            throw new OutboxException(
                    "The outbox cannot work with transaction manager %s."
                            .formatted(manager.getClass().getName()),
                    "Use JpaTransactionManager or DataSourceTransactionManager (JdbcTransactionManager) with its DataSource set.");
        }
        if (managed != dataSource) {
            throw new OutboxException(
                    "The transaction manager works on %s, the outbox on %s.".formatted(managed, dataSource),
                    "Give both the same DataSource bean: events are stored on the transaction's own connection.");
        }
        if (manager instanceof AbstractPlatformTransactionManager synchronizing
                && synchronizing.getTransactionSynchronization()
                        != AbstractPlatformTransactionManager.SYNCHRONIZATION_ALWAYS) {
            throw new OutboxException(
                    "The transaction manager's transactionSynchronization is not ALWAYS.",
                    "Leave it at its default: without it nobody is told when a transaction ends.");
        }
        if (!TransactionManagers.exposesConnections(manager)) {
            throw new OutboxException(
                    "The JPA transaction manager does not expose the JDBC connection of its transactions.",
                    "Give the EntityManagerFactory a HibernateJpaVendorAdapter, or the manager a HibernateJpaDialect.");
        }
        try {
            configurable.addListener(
                    new TransactionBinding(outbox, dataSource, store, PersistenceFlush.of(manager), wakeUp));
        } catch (UnsupportedOperationException e) {
            throw new OutboxException(
                    "The transaction manager's list of execution listeners cannot be added to.",
                    "Give setTransactionExecutionListeners a mutable list, such as new ArrayList<>(…).",
                    e);
        }
    }
}
