package dev.freehold.outbox;

import static org.hibernate.jpa.SpecHints.HINT_SPEC_LOCK_TIMEOUT;

import jakarta.persistence.Timeout;
import java.sql.Connection;
import java.util.List;
import org.hibernate.LockMode;
import org.hibernate.Session;
import org.hibernate.dialect.MySQLDialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;

/**
 * Locks rows in a statement of its own, before anything is read of them: a statement that reads and locks, with joins, reads
 * before it locks, and may return what it could not lock.
 */
final class RowLocks {

    private RowLocks() {}

    /** MariaDB would go on to read what the row was when the transaction began; PostgreSQL refuses the lock then. */
    static void requireReadCommitted(Session session) {
        SessionFactoryImplementor factory = session.getSessionFactory().unwrap(SessionFactoryImplementor.class);
        if (factory.getJdbcServices().getDialect() instanceof MySQLDialect
                && session.doReturningWork(Connection::getTransactionIsolation)
                        > Connection.TRANSACTION_READ_COMMITTED) {
            throw new OutboxException(
                    "A transaction of isolation level REPEATABLE READ may publish a state that is older than the row.",
                    "Set spring.datasource.hikari.transaction-isolation=TRANSACTION_READ_COMMITTED,"
                            + " or @Transactional(isolation = Isolation.READ_COMMITTED).");
        }
    }

    /** Returns the ids of those that it locked. */
    static List<Object> lock(Session session, Class<?> entity, List<Object> ids, LockMode mode, Timeout timeout) {
        return session.createSelectionQuery(
                        "SELECT e.id FROM " + entity.getName() + " e WHERE e.id IN :ids", Object.class)
                .setParameterList("ids", ids)
                .setHibernateLockMode(mode)
                .setHint(HINT_SPEC_LOCK_TIMEOUT, timeout.milliseconds())
                .getResultList();
    }
}
