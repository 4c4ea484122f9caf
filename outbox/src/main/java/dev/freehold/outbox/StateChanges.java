package dev.freehold.outbox;

import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.CacheMode;
import org.hibernate.FlushMode;
import org.hibernate.LockMode;
import org.hibernate.Session;
import org.hibernate.Timeouts;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.dao.support.PersistenceExceptionTranslator;

/**
 * The rows that a transaction has changed, each with what it came to, until their states are published.
 *
 * <p>A state is made of the entity in memory, if that is what was written. Otherwise, because parts of it were not written and
 * may be another transaction's by now, or because it is in memory no more, the row is locked and read again, in a session
 * that shares the transaction and nothing else: so the state is the row's, and the service's own entities stay as they are.
 */
final class StateChanges implements DeferredEvents {

    private final DefaultOutbox outbox;
    private final PersistenceExceptionTranslator translator;
    private final Map<Row, Change> changes = new LinkedHashMap<>();

    /**
     * @param translator of what reading may throw into Spring's exceptions, so that callers see no difference to a commit
     */
    StateChanges(DefaultOutbox outbox, PersistenceExceptionTranslator translator) {
        this.outbox = outbox;
        this.translator = translator;
    }

    /** A row that is there; the last change of it counts, and says where it stands among the others. */
    void present(StateType type, Object id, Change change) {
        Row row = new Row(type, id);
        Change before = changes.remove(row);
        boolean isGone = before != null && before.isDeletion() && !change.inserted();
        changes.put(row, isGone ? before : change.after(before));
    }

    /** A row that is gone. What the transaction inserted itself, nobody has ever seen. */
    void deleted(StateType type, Object id) {
        Row row = new Row(type, id);
        Change before = changes.remove(row);
        if (before == null || !before.inserted() || before.replaces()) {
            changes.put(row, Change.DELETED);
        }
    }

    @Override
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    @Override
    public void publish() {
        Map<Row, Change> due = new LinkedHashMap<>(changes);
        changes.clear();
        Map<Row, @Nullable Object> states = new LinkedHashMap<>();
        Map<Session, Map<Class<?>, List<Row>>> unknown = new LinkedHashMap<>();
        due.forEach((row, change) -> {
            Session session = change.session();
            if (session == null || change.isWritten(session)) {
                states.put(row, change.entity() == null ? null : row.type().stateOf(change.entity()));
            } else {
                unknown.computeIfAbsent(session, any -> new LinkedHashMap<>())
                        .computeIfAbsent(row.type().entity(), any -> new ArrayList<>())
                        .add(row);
            }
        });
        try {
            unknown.forEach((session, rows) -> read(session, rows, states));
        } catch (PersistenceException e) {
            throw DataAccessUtils.translateIfNecessary(e, translator);
        }
        due.forEach((row, change) -> {
            Object state = states.get(row);
            if (change.replaces() && state != null) {
                outbox.publishState(
                        row.type(), row.id(), null); // the one before ends; this one may begin with any version
            }
            if (state != null || !change.inserted() || change.replaces()) {
                outbox.publishState(row.type(), row.id(), state);
            }
        });
    }

    private static void read(Session session, Map<Class<?>, List<Row>> byClass, Map<Row, @Nullable Object> states) {
        try (Session reading = session.sessionWithOptions()
                .connection()
                .flushMode(FlushMode.MANUAL)
                .initialCacheMode(CacheMode.IGNORE)
                .openSession()) {
            byClass.forEach((entity, rows) -> {
                List<Object> ids = rows.stream().map(Row::id).toList();
                RowLocks.requireReadCommitted(reading);
                RowLocks.lock(reading, entity, ids, LockMode.PESSIMISTIC_WRITE, Timeouts.WAIT_FOREVER);
                List<?> found = reading.findMultiple(entity, ids);
                for (int n = 0; n < rows.size(); n++) {
                    Row row = rows.get(n);
                    Object present = found.get(n);
                    states.put(row, present == null ? null : row.type().stateOf(present));
                }
            });
        }
    }

    /** A row of an entity's table. */
    private record Row(StateType type, Object id) {}

    /** Whether an entity may differ from its row, or the row may not be locked. */
    enum Doubt {
        /** It is what was written. */
        NONE,
        /** Other transactions may have written parts of it; not if this one inserted it. */
        UNLESS_NEW,
        /** It is to be read again in any case. */
        ALWAYS
    }

    /**
     * What became of a row.
     *
     * @param entity null if it is gone, or was not in memory
     * @param session where the entity is managed; null if it is in none, and is taken as it is
     * @param inserted whether this transaction inserted it
     * @param doubt whether the entity may differ from its row
     * @param replaces whether this transaction deleted another one of the same id before
     */
    record Change(@Nullable Object entity, @Nullable Session session, boolean inserted, Doubt doubt, boolean replaces) {

        static final Change DELETED = new Change(null, null, false, Doubt.NONE, false);

        Change(@Nullable Object entity, @Nullable Session session, boolean inserted, Doubt doubt) {
            this(entity, session, inserted, doubt, false);
        }

        boolean isDeletion() {
            return this == DELETED;
        }

        Change after(@Nullable Change before) {
            boolean again = before != null && (before.isDeletion() || before.replaces());
            boolean isNew = before == null || before.isDeletion() ? inserted : before.inserted();
            Doubt greater = before != null && before.doubt().compareTo(doubt) > 0 ? before.doubt() : doubt;
            return new Change(
                    entity, session, isNew, isNew && greater == Doubt.UNLESS_NEW ? Doubt.NONE : greater, again);
        }

        boolean isWritten(Session managing) {
            return entity != null && doubt == Doubt.NONE && managing.contains(entity);
        }
    }
}
