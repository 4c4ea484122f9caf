package dev.freehold.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** An operator's view of parked events of an outbox that is a queue. */
final class QueueParkedEvents implements ParkedEvents {

    private static final Logger log = LoggerFactory.getLogger(ParkedEvents.class);
    private static final String WHOLE_TOPIC = "";

    private static final String KEYS = """
            SELECT k.aggregatetype, k.aggregateid, k.attempts, k.parked_at, k.cause, k.next_attempt_at,
                   (SELECT count(*) FROM outbox_parked_key t
                    WHERE t.aggregatetype = k.aggregatetype AND t.aggregateid = '') AS paused,
                   (SELECT count(*) FROM outbox_parked p
                    WHERE p.aggregatetype = k.aggregatetype AND p.aggregateid = k.aggregateid AND NOT p.dead) AS waiting
            FROM outbox_parked_key k
            WHERE %s AND (%s OR EXISTS (SELECT 1 FROM outbox_parked p
                                        WHERE p.aggregatetype = k.aggregatetype AND p.aggregateid = k.aggregateid AND %s))
            ORDER BY k.parked_at, k.aggregatetype, k.aggregateid
            LIMIT :limit
            """;

    private static final String FIND = """
            SELECT p.id, p.aggregatetype, p.aggregateid, p.type, p.version, p.payload, p.traceparent, p.created_at,
                   p.dead, p.cause, p.parked_at
            FROM outbox_parked p
            WHERE %s
            ORDER BY p.number
            LIMIT :limit
            """;

    private static final String KEYS_OF = """
            SELECT p.aggregatetype, p.aggregateid, min(p.cause) AS cause FROM outbox_parked p
            WHERE %s
            GROUP BY p.aggregatetype, p.aggregateid
            ORDER BY p.aggregatetype, p.aggregateid
            """;

    private static final String IS_DUE = """
            UPDATE outbox_parked_key SET next_attempt_at = :now WHERE aggregatetype = :topic AND aggregateid = :key
            """;

    /** Unless it is paused. */
    private static final String NUDGE = IS_DUE.stripTrailing() + " AND next_attempt_at IS NOT NULL";

    private static final String REVIVE = "UPDATE outbox_parked p SET dead = FALSE WHERE %s";

    private static final String REDIRECT =
            "UPDATE outbox_parked p SET aggregatetype = :newTopic, dead = FALSE WHERE %s";

    private static final String RETYPE = "UPDATE outbox_parked p SET type = :newType, version = :newVersion WHERE %s";

    private static final String DISCARD = "DELETE FROM outbox_parked WHERE number IN (SELECT number FROM (%s) d)";

    private static final String NUMBERS = "SELECT p.number FROM outbox_parked p WHERE %s";

    private static final String PAUSE = """
            UPDATE outbox_parked_key SET next_attempt_at = NULL, cause = :reason
            WHERE aggregatetype = :topic AND aggregateid = :key
            """;

    private static final String RESUME_KEY = """
            UPDATE outbox_parked_key SET next_attempt_at = :now
            WHERE aggregatetype = :topic AND aggregateid = :key AND next_attempt_at IS NULL
            """;

    private static final String RESUME_TOPIC = """
            DELETE FROM outbox_parked_key WHERE aggregatetype = :topic AND aggregateid = ''
            """;

    private final QueueCalls calls;

    QueueParkedEvents(QueueCalls calls) {
        this.calls = calls;
    }

    @Override
    public List<Key> keys(Selection selection, int limit) {
        Selection ofKeys = new Selection(null, selection.topic(), selection.key(), null, null, null);
        Selection ofEvents =
                new Selection(selection.id(), null, null, selection.type(), selection.from(), selection.until());
        String anyEvent = ofEvents.equals(Selection.all()) ? "1 = 1" : "1 = 0";
        String sql = KEYS.formatted(selected(ofKeys, "k"), anyEvent, selected(ofEvents, "p"));
        return calls.inTransaction(() -> bind(calls.sql(sql), selection)
                .param("limit", limit)
                .query((row, n) -> key(row))
                .list());
    }

    @Override
    public List<Event> find(Selection selection, int limit) {
        return calls.inTransaction(() -> select(FIND, selection)
                .param("limit", limit)
                .query((row, n) -> event(row))
                .list());
    }

    @Override
    public int replay(Selection selection) {
        return changing("Replay", selection, () -> {
            keysOf(selection).forEach(this::makeDue);
            return select(REVIVE, selection).update();
        });
    }

    @Override
    public int redirect(Selection selection, String topic) {
        EventType.requireTopic(topic);
        return changing("Redirection to topic " + topic, selection, () -> {
            Map<TopicKey, String> keys = keysOf(selection);
            keys.keySet().forEach(this::nudge);
            int redirected =
                    select(REDIRECT, selection).param("newTopic", topic).update();
            keys.keySet().forEach(key -> makeDue(new TopicKey(topic, key.key()), "redirected"));
            return redirected;
        });
    }

    @Override
    public int retype(Selection selection, String type, int version) {
        EventType.requireType(type, version);
        return changing(
                "Change of type to %s version %d".formatted(type, version),
                selection,
                () -> select(RETYPE, selection)
                        .param("newType", type)
                        .param("newVersion", version)
                        .update());
    }

    @Override
    public int discard(Selection selection) {
        return changing("Discarding", selection, () -> {
            keysOf(selection).keySet().forEach(this::nudge);
            return bind(calls.sql(DISCARD.formatted(NUMBERS.formatted(selected(selection, "p")))), selection)
                    .update();
        });
    }

    private Map<TopicKey, String> keysOf(Selection selection) {
        Map<TopicKey, String> keys = new LinkedHashMap<>();
        select(KEYS_OF, selection).query(row -> {
            String cause = row.getString("cause");
            keys.put(
                    new TopicKey(row.getString("aggregatetype"), row.getString("aggregateid")),
                    cause == null ? "" : cause);
        });
        return keys;
    }

    private void makeDue(TopicKey key, String cause) {
        int parked = calls.sql(IS_DUE)
                .param("topic", key.topic())
                .param("key", key.key())
                .update();
        if (parked == 0) {
            park(key, cause);
        }
    }

    private void park(TopicKey key, String cause) {
        calls.sql(QueueParkedStore.PARK_KEY)
                .param("topic", key.topic())
                .param("key", key.key())
                .param("slot", Slots.of(key.key()))
                .param("pause", 0L)
                .param("cause", cause)
                .update();
    }

    private void nudge(TopicKey key) {
        calls.sql(NUDGE).param("topic", key.topic()).param("key", key.key()).update();
    }

    @Override
    public void pause(String topic, String key, String reason) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException(
                    "key must not be empty; a whole topic is paused by pause(topic, reason)");
        }
        hold(topic, key, reason);
    }

    @Override
    public void pause(String topic, String reason) {
        hold(topic, WHOLE_TOPIC, reason);
    }

    private void hold(String topic, String key, String reason) {
        EventType.requireTopic(topic);
        calls.changingParked(() -> {
            park(new TopicKey(topic, key), reason);
            return calls.sql(PAUSE)
                    .param("topic", topic)
                    .param("key", key)
                    .param("reason", "paused: " + reason)
                    .update();
        });
        log.info("Paused topic {}{}: {}", topic, key.isEmpty() ? "" : ", key '" + key + "'", reason);
    }

    @Override
    public void resume(String topic, String key) {
        calls.changingParked(() ->
                calls.sql(RESUME_KEY).param("topic", topic).param("key", key).update());
        log.info("Resumed topic {} key '{}'", topic, key);
    }

    @Override
    public void resume(String topic) {
        calls.changingParked(() -> calls.sql(RESUME_TOPIC).param("topic", topic).update());
        log.info("Resumed topic {}", topic);
    }

    private int changing(String what, Selection selection, IntSupplier work) {
        int matched = calls.changingParked(work::getAsInt);
        log.info("{} of parked events: {} matched {}", what, matched, selection);
        return matched;
    }

    private StatementSpec select(String sql, Selection selection) {
        return bind(calls.sql(sql.formatted(selected(selection, "p"))), selection);
    }

    /** The conditions that a selection has. */
    private static String selected(Selection selection, String table) {
        StringBuilder conditions = new StringBuilder("1 = 1");
        addIf(selection.id(), " AND %s.id = :id", table, conditions);
        addIf(selection.topic(), " AND %s.aggregatetype = :topic", table, conditions);
        addIf(selection.key(), " AND %s.aggregateid = :key", table, conditions);
        addIf(selection.type(), " AND %s.type = :type", table, conditions);
        addIf(selection.from(), " AND %s.created_at >= :from", table, conditions);
        addIf(selection.until(), " AND %s.created_at < :until", table, conditions);
        return conditions.toString();
    }

    private static void addIf(@Nullable Object value, String condition, String table, StringBuilder conditions) {
        if (value != null) {
            conditions.append(condition.formatted(table));
        }
    }

    private static StatementSpec bind(StatementSpec statement, Selection selection) {
        UUID id = selection.id();
        return statement
                .param("id", id == null ? null : id.toString())
                .param("topic", selection.topic())
                .param("key", selection.key())
                .param("type", selection.type())
                .param("from", micros(selection.from()))
                .param("until", micros(selection.until()));
    }

    private static @Nullable Long micros(@Nullable Instant time) {
        return time == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static Key key(ResultSet row) throws SQLException {
        long next = row.getLong("next_attempt_at");
        boolean paused = row.wasNull() || row.getInt("paused") > 0;
        return new Key(
                row.getString("aggregatetype"),
                row.getString("aggregateid"),
                row.getLong("waiting"),
                row.getInt("attempts"),
                paused ? null : QueueOutboxStore.time(next),
                QueueOutboxStore.time(row.getLong("parked_at")),
                row.getString("cause"));
    }

    private static Event event(ResultSet row) throws SQLException {
        StoredEvent event = QueueOutboxStore.event(row);
        return new Event(
                event.id(),
                row.getBoolean("dead"),
                row.getString("cause"),
                QueueOutboxStore.time(row.getLong("parked_at")),
                event);
    }
}
