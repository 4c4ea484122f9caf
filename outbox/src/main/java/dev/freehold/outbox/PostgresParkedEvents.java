package dev.freehold.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An operator's view of parked events in PostgreSQL. */
final class PostgresParkedEvents implements ParkedEvents {

    private static final Logger log = LoggerFactory.getLogger(ParkedEvents.class);
    private static final String WHOLE_TOPIC = "";

    private static final String SELECTED = """
            (CAST(:id AS uuid) IS NULL OR p.id = :id)
              AND (CAST(:topic AS text) IS NULL OR p.aggregatetype = :topic)
              AND (CAST(:key AS text) IS NULL OR p.aggregateid = :key)
              AND (CAST(:type AS text) IS NULL OR p.type = :type)
              AND (CAST(:from AS timestamptz) IS NULL OR p.created_at >= :from)
              AND (CAST(:until AS timestamptz) IS NULL OR p.created_at < :until)
            """;

    private static final String KEYS = """
            SELECT k.aggregatetype, k.aggregateid, k.attempts, k.parked_at, k.cause,
                   (SELECT nullif(k.next_attempt_at, 'infinity')
                    WHERE NOT EXISTS (SELECT FROM outbox_parked_key t
                                      WHERE t.aggregatetype = k.aggregatetype AND t.aggregateid = '')) AS next_attempt_at,
                   (SELECT count(*) FROM outbox_parked p
                    WHERE p.aggregatetype = k.aggregatetype AND p.aggregateid = k.aggregateid AND NOT p.dead) AS waiting
            FROM outbox_parked_key k
            WHERE (CAST(:topic AS text) IS NULL OR k.aggregatetype = :topic)
              AND (CAST(:key AS text) IS NULL OR k.aggregateid = :key)
              AND (num_nonnulls(CAST(:id AS uuid), CAST(:type AS text), CAST(:from AS timestamptz),
                                CAST(:until AS timestamptz)) = 0
                   OR EXISTS (SELECT FROM outbox_parked p
                              WHERE p.aggregatetype = k.aggregatetype AND p.aggregateid = k.aggregateid AND %s))
            ORDER BY k.parked_at, k.aggregatetype, k.aggregateid
            LIMIT :limit
            """.formatted(SELECTED);

    private static final String FIND = """
            SELECT p.id, p.aggregatetype, p.aggregateid, p.type, p.version, p.payload, p.traceparent, p.created_at,
                   p.dead, p.cause, p.parked_at
            FROM outbox_parked p
            WHERE %s
            ORDER BY p.number
            LIMIT :limit
            """.formatted(SELECTED);

    /** Keys of what is selected are due at once; those of dead letters are parked for them. */
    private static final String MAKE_DUE = """
            INSERT INTO outbox_parked_key (aggregatetype, aggregateid, next_attempt_at, cause)
            SELECT p.aggregatetype, p.aggregateid, clock_timestamp(), coalesce(min(p.cause), '')
            FROM outbox_parked p
            WHERE %s
            GROUP BY p.aggregatetype, p.aggregateid
            ORDER BY p.aggregatetype, p.aggregateid
            ON CONFLICT (aggregatetype, aggregateid) DO UPDATE SET next_attempt_at = EXCLUDED.next_attempt_at
            """.formatted(SELECTED);

    /** Keys that are left without events, or with another first one, are looked at at once. */
    private static final String NUDGE = """
            UPDATE outbox_parked_key k SET next_attempt_at = clock_timestamp()
            WHERE next_attempt_at < 'infinity'
              AND EXISTS (SELECT FROM outbox_parked p
                          WHERE p.aggregatetype = k.aggregatetype AND p.aggregateid = k.aggregateid AND %s)
            """.formatted(SELECTED);

    private static final String REVIVE = "UPDATE outbox_parked p SET dead = false WHERE %s".formatted(SELECTED);

    private static final String REDIRECT =
            "UPDATE outbox_parked p SET aggregatetype = :newTopic, dead = false WHERE %s RETURNING p.aggregateid"
                    .formatted(SELECTED);

    private static final String MAKE_KEY_DUE = """
            INSERT INTO outbox_parked_key (aggregatetype, aggregateid, next_attempt_at, cause)
            VALUES (:topic, :key, clock_timestamp(), 'redirected')
            ON CONFLICT (aggregatetype, aggregateid) DO UPDATE SET next_attempt_at = EXCLUDED.next_attempt_at
            """;

    private static final String RETYPE =
            "UPDATE outbox_parked p SET type = :newType, version = :newVersion WHERE %s".formatted(SELECTED);

    private static final String DISCARD = "DELETE FROM outbox_parked p WHERE %s".formatted(SELECTED);

    private static final String PAUSE = """
            INSERT INTO outbox_parked_key (aggregatetype, aggregateid, next_attempt_at, cause)
            VALUES (:topic, :key, 'infinity', :reason)
            ON CONFLICT (aggregatetype, aggregateid) DO UPDATE SET next_attempt_at = 'infinity', cause = EXCLUDED.cause
            """;

    private static final String RESUME_KEY = """
            UPDATE outbox_parked_key SET next_attempt_at = clock_timestamp()
            WHERE aggregatetype = :topic AND aggregateid = :key AND next_attempt_at = 'infinity'
            """;

    private static final String RESUME_TOPIC = """
            DELETE FROM outbox_parked_key WHERE aggregatetype = :topic AND aggregateid = ''
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PostgresParkedEvents(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    @Override
    public List<Key> keys(Selection selection, int limit) {
        return list(select(KEYS, selection).param("limit", limit), PostgresParkedEvents::key);
    }

    @Override
    public List<Event> find(Selection selection, int limit) {
        return list(select(FIND, selection).param("limit", limit), PostgresParkedEvents::event);
    }

    private <T> List<T> list(StatementSpec statement, RowReader<T> reader) {
        List<T> found = transaction.execute(
                status -> statement.query((row, n) -> reader.read(row)).list());
        return found == null ? List.of() : found;
    }

    @Override
    public int replay(Selection selection) {
        return inTransaction("Replay", selection, () -> {
            select(MAKE_DUE, selection).update();
            return select(REVIVE, selection).update();
        });
    }

    @Override
    public int redirect(Selection selection, String topic) {
        EventType.requireTopic(topic);
        return inTransaction("Redirection to topic " + topic, selection, () -> {
            select(NUDGE, selection).update();
            List<String> keys = select(REDIRECT, selection)
                    .param("newTopic", topic)
                    .query((row, n) -> row.getString(1))
                    .list();
            keys.stream()
                    .distinct()
                    .sorted()
                    .forEach(key -> jdbc.sql(MAKE_KEY_DUE)
                            .param("topic", topic)
                            .param("key", key)
                            .update());
            return keys.size();
        });
    }

    @Override
    public int retype(Selection selection, String type, int version) {
        EventType.requireType(type, version);
        return inTransaction(
                "Change of type to %s version %d".formatted(type, version),
                selection,
                () -> select(RETYPE, selection)
                        .param("newType", type)
                        .param("newVersion", version)
                        .update());
    }

    @Override
    public int discard(Selection selection) {
        return inTransaction("Discarding", selection, () -> {
            select(NUDGE, selection).update();
            return select(DISCARD, selection).update();
        });
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
        transaction.executeWithoutResult(status -> jdbc.sql(PAUSE)
                .param("topic", topic)
                .param("key", key)
                .param("reason", "paused: " + reason)
                .update());
        log.info("Paused topic {}{}: {}", topic, key.isEmpty() ? "" : ", key '" + key + "'", reason);
    }

    @Override
    public void resume(String topic, String key) {
        transaction.executeWithoutResult(status ->
                jdbc.sql(RESUME_KEY).param("topic", topic).param("key", key).update());
        log.info("Resumed topic {} key '{}'", topic, key);
    }

    @Override
    public void resume(String topic) {
        transaction.executeWithoutResult(
                status -> jdbc.sql(RESUME_TOPIC).param("topic", topic).update());
        log.info("Resumed topic {}", topic);
    }

    private int inTransaction(String what, Selection selection, IntSupplier work) {
        Integer matched = transaction.execute(status -> work.getAsInt());
        log.info("{} of parked events: {} matched {}", what, matched, selection);
        return matched == null ? 0 : matched;
    }

    private StatementSpec select(String sql, Selection selection) {
        return jdbc.sql(sql)
                .param("id", selection.id())
                .param("topic", selection.topic())
                .param("key", selection.key())
                .param("type", selection.type())
                .param("from", atUtc(selection.from()))
                .param("until", atUtc(selection.until()));
    }

    private static @Nullable OffsetDateTime atUtc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static Key key(ResultSet row) throws SQLException {
        OffsetDateTime next = row.getObject("next_attempt_at", OffsetDateTime.class);
        return new Key(
                row.getString("aggregatetype"),
                row.getString("aggregateid"),
                row.getLong("waiting"),
                row.getInt("attempts"),
                next == null ? null : next.toInstant(),
                row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                row.getString("cause"));
    }

    private static Event event(ResultSet row) throws SQLException {
        StoredEvent event = PostgresParkedStore.event(row);
        return new Event(
                row.getObject("id", UUID.class),
                row.getBoolean("dead"),
                row.getString("cause"),
                row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                event);
    }

    /** Reads a row. */
    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }
}
