package dev.freehold.outbox;

import static org.hibernate.jpa.SpecHints.HINT_SPEC_LOCK_TIMEOUT;

import jakarta.persistence.Timeout;
import java.util.List;
import org.hibernate.LockMode;
import org.hibernate.Session;

/**
 * Locks rows in a statement of its own, before anything is read of them: a statement that reads and locks, with joins, reads
 * before it locks, and may return what it could not lock.
 */
final class RowLocks {

    private RowLocks() {}

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
