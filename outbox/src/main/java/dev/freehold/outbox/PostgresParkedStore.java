package dev.freehold.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;

/** Parked events in PostgreSQL. */
final class PostgresParkedStore implements ParkedStore {

    private static final String HAS_PARKED_KEYS = "SELECT EXISTS (SELECT FROM outbox_parked_key)";

    private static final String SOME = "SELECT aggregatetype, aggregateid FROM outbox_parked_key LIMIT :limit";

    private static final String PARKED = """
            SELECT t.topic AS aggregatetype, t.key AS aggregateid
            FROM unnest(:topics, :keys) AS t (topic, key)
            WHERE (t.topic, t.key) IN (SELECT aggregatetype, aggregateid FROM outbox_parked_key)
               OR t.topic IN (SELECT aggregatetype FROM outbox_parked_key WHERE aggregateid = '')
            """;

    private static final String DEAD = "SELECT id FROM outbox_parked WHERE id = ANY (:ids) AND dead";

    /**
     * All in one statement, since a page waits for it; the lease stays with the relay until the transaction ends. Also locks the keys that are parked already, so that nobody lets one go
     * on while an event is put behind the others.
     *
     * <p>Not waiting for the disk is safe here: if a crash of the server takes this back, then also the progress beyond it, which
     * is noted later, and a transport's mark from before a crash is not heeded.
     */
    private static final String PARK = """
            WITH owned AS (SELECT FROM outbox_progress WHERE shard = :shard AND epoch = :epoch FOR SHARE),
            keys AS (
                INSERT INTO outbox_parked_key (aggregatetype, aggregateid, next_attempt_at, cause)
                SELECT t.topic, t.key, clock_timestamp() + :pause * interval '1 millisecond', t.cause
                FROM unnest(:topics, :keys, :keyCauses) AS t (topic, key, cause)
                WHERE EXISTS (SELECT FROM owned)
                ORDER BY t.topic, t.key
                ON CONFLICT (aggregatetype, aggregateid) DO UPDATE SET attempts = outbox_parked_key.attempts),
            events AS (
                INSERT INTO outbox_parked
                  (tx, position, id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at, dead, cause)
                SELECT e.tx, e.position, e.id, e.aggregatetype, e.aggregateid, e.type, e.version, e.payload, e.traceparent,
                       e.created_at, t.dead, t.cause
                FROM unnest(:positions, :dead, :causes) WITH ORDINALITY AS t (position, dead, cause, n)
                JOIN outbox_event e ON e.position = t.position
                WHERE EXISTS (SELECT FROM owned)
                ORDER BY t.n
                ON CONFLICT (id) DO NOTHING)
            SELECT EXISTS (SELECT FROM owned) AS owned, set_config('synchronous_commit', 'off', true)
            """;

    private static final String DUE = """
            SELECT aggregatetype, aggregateid FROM outbox_parked_key k
            WHERE next_attempt_at <= clock_timestamp() AND %s = :shard
              AND NOT EXISTS (SELECT FROM outbox_parked_key t
                              WHERE t.aggregatetype = k.aggregatetype AND t.aggregateid = '')
            ORDER BY next_attempt_at
            LIMIT :limit
            """.formatted(PostgresShards.shardOf("k.aggregateid", ":shards"));

    private static final String UNTIL_NEXT_ATTEMPT = """
            SELECT CAST(extract(epoch FROM min(next_attempt_at) - clock_timestamp()) * 1000 AS bigint) AS millis
            FROM outbox_parked_key k
            WHERE next_attempt_at < 'infinity' AND %s = :shard
              AND NOT EXISTS (SELECT FROM outbox_parked_key t
                              WHERE t.aggregatetype = k.aggregatetype AND t.aggregateid = '')
            """.formatted(PostgresShards.shardOf("k.aggregateid", ":shards"));

    /**
     * In the order of the log, which is that of the key's commits, and not in that of parking: if a page is read again,
     * an event may be parked after one that comes behind it.
     */
    private static final String WAITING = """
            SELECT p.id, p.aggregatetype, p.aggregateid, p.type, p.version, p.payload, p.traceparent, p.created_at,
                   pg_visible_in_snapshot(p.tx, g.seen)
                     OR (g.reading IS NOT NULL AND pg_visible_in_snapshot(p.tx, g.reading) AND p.position <= g.position)
                     AS passed
            FROM outbox_parked p
            JOIN outbox_progress g ON g.shard = %s
            WHERE p.aggregatetype = :topic AND p.aggregateid = :key AND NOT p.dead
            ORDER BY p.position
            LIMIT :limit
            """.formatted(PostgresShards.shardOf("p.aggregateid", "g.shards"));

    private static final String REMOVE = "DELETE FROM outbox_parked WHERE id = ANY (:ids)";

    private static final String LOCK_KEY = """
            SELECT attempts FROM outbox_parked_key WHERE aggregatetype = :topic AND aggregateid = :key FOR UPDATE
            """;

    private static final String UNPARK = """
            DELETE FROM outbox_parked_key k
            WHERE k.aggregatetype = :topic AND k.aggregateid = :key
              AND NOT EXISTS (SELECT FROM outbox_parked p
                              WHERE p.aggregatetype = k.aggregatetype AND p.aggregateid = k.aggregateid AND NOT p.dead)
            """;

    /** Locked in the order in which keys are parked, or the two would wait for each other. */
    private static final String FAILED = """
            WITH failed AS (
                SELECT k.aggregatetype, k.aggregateid, t.cause
                FROM outbox_parked_key k
                JOIN unnest(:topics, :keys, :causes) AS t (topic, key, cause)
                  ON k.aggregatetype = t.topic AND k.aggregateid = t.key
                WHERE k.next_attempt_at < 'infinity'
                ORDER BY k.aggregatetype, k.aggregateid
                FOR UPDATE OF k
            )
            UPDATE outbox_parked_key k
            SET attempts = attempts + 1, cause = failed.cause,
                next_attempt_at = clock_timestamp() + interval '1 millisecond'
                    * least(:first * power(2, least(attempts, 30)), :longest) * (0.75 + random() / 2)
            FROM failed
            WHERE k.aggregatetype = failed.aggregatetype AND k.aggregateid = failed.aggregateid
            """;

    /** Of a key that is not parked yet: it is its topic then. */
    private static final String BEHIND_OTHERS = "its topic is paused";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PostgresParkedStore(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    @Override
    public boolean hasParkedKeys() {
        return inTransaction(
                () -> jdbc.sql(HAS_PARKED_KEYS).query(Boolean.class).single());
    }

    /**
     * If less are parked than are asked for, it is cheaper to get these. A statement is a transaction of its own: this is asked
     * with every page while anything is parked.
     */
    @Override
    public Set<TopicKey> parked(Set<TopicKey> among) {
        Set<TopicKey> some = jdbc.sql(SOME)
                .param("limit", among.size() + 1)
                .query((row, n) -> topicKey(row))
                .set();
        return some.size() > among.size()
                ? parkedOf(among)
                : among.stream().filter(key -> key.isParkedBy(some)).collect(Collectors.toCollection(HashSet::new));
    }

    private Set<TopicKey> parkedOf(Set<TopicKey> among) {
        return jdbc.sql(PARKED)
                .param("topics", texts(among, TopicKey::topic))
                .param("keys", texts(among, TopicKey::key))
                .query((row, n) -> topicKey(row))
                .set();
    }

    @Override
    public Set<UUID> dead(Set<UUID> among) {
        return inTransaction(() -> jdbc.sql(DEAD)
                .param("ids", new SqlArrayValue("uuid", among.toArray()))
                .query((row, n) -> row.getObject("id", UUID.class))
                .set());
    }

    @Override
    public void parkKey(Lease lease, TopicKey key, String cause, Duration firstPause) {
        park(lease, new TreeMap<>(Map.of(key, cause)), List.of(), firstPause);
    }

    @Override
    public void park(Lease lease, List<Parking> events, Duration firstPause) {
        SortedMap<TopicKey, String> keys = new TreeMap<>();
        for (Parking event : events) {
            if (!event.dead()) {
                keys.putIfAbsent(event.key(), event.cause() == null ? BEHIND_OTHERS : event.cause());
            }
        }
        park(lease, keys, events, firstPause);
    }

    private void park(Lease lease, SortedMap<TopicKey, String> keys, List<Parking> events, Duration firstPause) {
        boolean owned = inTransaction(() -> jdbc.sql(PARK)
                .param("shard", lease.shard().number())
                .param("epoch", lease.epoch())
                .param("pause", firstPause.toMillis())
                .param("topics", texts(keys.keySet(), TopicKey::topic))
                .param("keys", texts(keys.keySet(), TopicKey::key))
                .param("keyCauses", texts(keys.values(), cause -> cause))
                .param("positions", array("bigint", events, Parking::position))
                .param("dead", array("boolean", events, Parking::dead))
                .param("causes", texts(events, Parking::cause))
                .query((row, n) -> row.getBoolean("owned"))
                .single());
        if (!owned) {
            throw new RelayTerm.LeaseLost();
        }
    }

    @Override
    public List<TopicKey> due(Shard shard, int limit) {
        return inTransaction(() -> jdbc.sql(DUE)
                .param("shard", shard.number())
                .param("shards", shard.of())
                .param("limit", limit)
                .query((row, n) -> topicKey(row))
                .list());
    }

    @Override
    public Optional<Duration> untilNextAttempt(Shard shard) {
        return inTransaction(() -> jdbc.sql(UNTIL_NEXT_ATTEMPT)
                .param("shard", shard.number())
                .param("shards", shard.of())
                .query((row, n) ->
                        Optional.ofNullable(row.getObject("millis", Long.class)).map(Duration::ofMillis))
                .single());
    }

    @Override
    public List<StoredEvent> waiting(TopicKey key, int limit) {
        Map<StoredEvent, Boolean> found = new LinkedHashMap<>();
        inTransaction(() -> {
            jdbc.sql(WAITING)
                    .param("topic", key.topic())
                    .param("key", key.key())
                    .param("limit", limit)
                    .query(row -> {
                        found.put(event(row), row.getBoolean("passed"));
                    });
            return 0;
        });
        List<StoredEvent> waiting = new ArrayList<>();
        for (Map.Entry<StoredEvent, Boolean> event : found.entrySet()) {
            if (!event.getValue()) {
                break;
            }
            waiting.add(event.getKey());
        }
        return waiting;
    }

    static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getObject("id", UUID.class),
                row.getString("aggregatetype"),
                row.getString("aggregateid"),
                row.getString("type"),
                row.getInt("version"),
                row.getBytes("payload"),
                row.getString("traceparent"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    @Override
    public void remove(List<UUID> ids) {
        inTransaction(() -> jdbc.sql(REMOVE)
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .update());
    }

    @Override
    public boolean unpark(TopicKey key) {
        return inTransaction(() -> {
            // In a statement of its own: the next one then sees what was put behind the others before this one had the
            // lock.
            jdbc.sql(LOCK_KEY)
                    .param("topic", key.topic())
                    .param("key", key.key())
                    .query(Integer.class)
                    .optional();
            return jdbc.sql(UNPARK)
                            .param("topic", key.topic())
                            .param("key", key.key())
                            .update()
                    == 1;
        });
    }

    @Override
    public void failed(Map<TopicKey, String> causes, Duration firstPause, Duration longestPause) {
        inTransaction(() -> jdbc.sql(FAILED)
                .param("first", firstPause.toMillis())
                .param("longest", longestPause.toMillis())
                .param("topics", texts(causes.keySet(), TopicKey::topic))
                .param("keys", texts(causes.keySet(), TopicKey::key))
                .param("causes", texts(causes.values(), cause -> cause))
                .update());
    }

    private <T> T inTransaction(Supplier<T> work) {
        T result = transaction.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("every statement has a result");
        }
        return result;
    }

    private static TopicKey topicKey(ResultSet row) throws SQLException {
        return new TopicKey(row.getString("aggregatetype"), row.getString("aggregateid"));
    }

    private static <T> SqlArrayValue texts(Collection<T> from, Function<T, @Nullable Object> text) {
        return array("text", from, text);
    }

    private static <T> SqlArrayValue array(String type, Collection<T> from, Function<T, @Nullable Object> value) {
        return new SqlArrayValue(type, from.stream().map(value).toArray());
    }
}
