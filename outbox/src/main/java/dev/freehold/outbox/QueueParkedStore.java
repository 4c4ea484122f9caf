package dev.freehold.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Parked events of an outbox that is a queue: they are moved out of it. */
final class QueueParkedStore implements ParkedStore {

    private static final String HAS_PARKED_KEYS = "SELECT EXISTS (SELECT 1 FROM outbox_parked_key)";

    private static final String PARKED = """
            SELECT aggregatetype, aggregateid FROM outbox_parked_key WHERE aggregateid IN (:keys) OR aggregateid = ''
            """;

    private static final String DEAD = "SELECT id FROM outbox_parked WHERE id IN (:ids) AND dead";

    static final String PARK_KEY = """
            INSERT INTO outbox_parked_key (aggregatetype, aggregateid, slot, next_attempt_at, cause, parked_at)
            SELECT :topic, :key, :slot, :now + :pause, :cause, :now
            FROM outbox_lock l
            WHERE l.slot = -1
              AND NOT EXISTS (SELECT 1 FROM outbox_parked_key WHERE aggregatetype = :topic AND aggregateid = :key)
            """;

    private static final String PARK = """
            INSERT INTO outbox_parked
              (position, id, aggregatetype, aggregateid, slot, type, version, payload, traceparent, created_at, dead, cause,
               parked_at)
            SELECT e.position, e.id, e.aggregatetype, e.aggregateid, e.slot, e.type, e.version, e.payload, e.traceparent,
                   e.created_at, :dead, :cause, :now
            FROM outbox_event e
            WHERE e.position = :position AND NOT EXISTS (SELECT 1 FROM outbox_parked p WHERE p.id = e.id)
            """;

    private static final String AT = "t.position IN (%s)";

    private static final String DUE = """
            SELECT aggregatetype, aggregateid FROM outbox_parked_key k
            WHERE next_attempt_at <= :now AND MOD(slot, :shards) = :shard
              AND NOT EXISTS (SELECT 1 FROM outbox_parked_key t
                              WHERE t.aggregatetype = k.aggregatetype AND t.aggregateid = '')
            ORDER BY next_attempt_at
            LIMIT :limit
            """;

    private static final String UNTIL_NEXT_ATTEMPT = """
            SELECT min(next_attempt_at) - :now AS micros
            FROM outbox_parked_key k
            WHERE next_attempt_at IS NOT NULL AND MOD(slot, :shards) = :shard
              AND NOT EXISTS (SELECT 1 FROM outbox_parked_key t
                              WHERE t.aggregatetype = k.aggregatetype AND t.aggregateid = '')
            """;

    /** What stands before them in the queue may still be on its way. */
    private static final String WAITING = """
            SELECT p.id, p.aggregatetype, p.aggregateid, p.type, p.version, p.payload, p.traceparent, p.created_at
            FROM outbox_parked p
            WHERE p.aggregatetype = :topic AND p.aggregateid = :key AND NOT p.dead
              AND NOT EXISTS (SELECT 1 FROM outbox_event e
                              WHERE e.aggregatetype = :topic AND e.aggregateid = :key AND e.position < p.position)
            ORDER BY p.position
            LIMIT :limit
            """;

    private static final String REMOVE = "DELETE FROM outbox_parked WHERE id IN (:ids)";

    private static final String UNPARK = """
            DELETE FROM outbox_parked_key
            WHERE aggregatetype = :topic AND aggregateid = :key
              AND NOT EXISTS (SELECT 1 FROM outbox_parked p
                              WHERE p.aggregatetype = :topic AND p.aggregateid = :key AND NOT p.dead)
            """;

    /** In this order, since MariaDB goes on with what it has set already. */
    private static final String FAILED = """
            UPDATE outbox_parked_key
            SET next_attempt_at = :now + FLOOR(LEAST(:first * POWER(2, LEAST(attempts, 30)), :longest) * :jitter),
                attempts = attempts + 1, cause = :cause
            WHERE aggregatetype = :topic AND aggregateid = :key AND next_attempt_at IS NOT NULL
            """;

    /** Of a key that is not parked yet: it is its topic then. */
    private static final String BEHIND_OTHERS = "its topic is paused";

    private static final long SCALE = 1_000_000;

    private final QueueCalls calls;
    private final QueueLeases leases;

    QueueParkedStore(QueueCalls calls, QueueLeases leases) {
        this.calls = calls;
        this.leases = leases;
    }

    @Override
    public boolean hasParkedKeys() {
        return calls.inTransaction(
                () -> calls.sql(HAS_PARKED_KEYS).query(Boolean.class).single());
    }

    @Override
    public Set<TopicKey> parked(Set<TopicKey> among) {
        Set<TopicKey> parked = calls.inTransaction(() -> calls.sql(PARKED)
                .param("keys", among.stream().map(TopicKey::key).distinct().toList())
                .query((row, n) -> topicKey(row))
                .set());
        return among.stream().filter(key -> key.isParkedBy(parked)).collect(Collectors.toCollection(HashSet::new));
    }

    @Override
    public Set<UUID> dead(Set<UUID> among) {
        return calls.inTransaction(() -> calls.sql(DEAD)
                .param("ids", among.stream().map(UUID::toString).toList())
                .query((row, n) -> UUID.fromString(row.getString("id")))
                .set());
    }

    @Override
    public void parkKey(Lease lease, TopicKey key, String cause, Duration firstPause) {
        calls.changingParked(() -> {
            leases.requireOwned(lease);
            return insertKey(key, cause, firstPause);
        });
    }

    private int insertKey(TopicKey key, String cause, Duration pause) {
        return calls.sql(PARK_KEY)
                .param("topic", key.topic())
                .param("key", key.key())
                .param("slot", Slots.of(key.key()))
                .param("pause", QueueCalls.micros(pause))
                .param("cause", cause)
                .update();
    }

    @Override
    public void park(Lease lease, List<Parking> events, Duration firstPause) {
        calls.changingParked(() -> {
            leases.requireOwned(lease);
            for (Parking event : events) {
                String cause = event.cause();
                if (!event.dead()) {
                    insertKey(event.key(), cause == null ? BEHIND_OTHERS : cause, firstPause);
                }
                calls.sql(PARK)
                        .param("position", event.position())
                        .param("dead", event.dead())
                        .param("cause", cause)
                        .update();
            }
            List<Long> positions = events.stream().map(Parking::position).toList();
            return calls.delete("outbox_event", "PRIMARY", AT.formatted(QueueCalls.list(positions)))
                    .update();
        });
    }

    @Override
    public List<TopicKey> due(Shard shard, int limit) {
        return calls.inTransaction(() -> calls.sql(DUE)
                .param("shard", shard.number())
                .param("shards", shard.of())
                .param("limit", limit)
                .query((row, n) -> topicKey(row))
                .list());
    }

    @Override
    public Optional<Duration> untilNextAttempt(Shard shard) {
        return calls.inTransaction(() -> calls.sql(UNTIL_NEXT_ATTEMPT)
                .param("shard", shard.number())
                .param("shards", shard.of())
                .query((row, n) -> {
                    long micros = row.getLong("micros");
                    return row.wasNull()
                            ? Optional.<Duration>empty()
                            : Optional.of(Duration.of(micros, ChronoUnit.MICROS));
                })
                .single());
    }

    @Override
    public List<StoredEvent> waiting(TopicKey key, int limit) {
        return calls.inTransaction(() -> calls.sql(WAITING)
                .param("topic", key.topic())
                .param("key", key.key())
                .param("limit", limit)
                .query((row, n) -> QueueOutboxStore.event(row))
                .list());
    }

    @Override
    public void remove(List<UUID> ids) {
        calls.inTransaction(() -> calls.sql(REMOVE)
                .param("ids", ids.stream().map(UUID::toString).toList())
                .update());
    }

    @Override
    public boolean unpark(TopicKey key) {
        return calls.changingParked(() -> calls.sql(UNPARK)
                        .param("topic", key.topic())
                        .param("key", key.key())
                        .update()
                == 1);
    }

    @Override
    public void failed(Map<TopicKey, String> causes, Duration firstPause, Duration longestPause) {
        calls.changingParked(() -> causes.entrySet().stream()
                .mapToInt(failed -> failed(failed.getKey(), failed.getValue(), firstPause, longestPause))
                .sum());
    }

    private int failed(TopicKey key, String cause, Duration firstPause, Duration longestPause) {
        return calls.sql(FAILED)
                .param("cause", cause)
                .param("first", QueueCalls.micros(firstPause))
                .param("longest", QueueCalls.micros(longestPause))
                .param("jitter", Backoff.jittered(SCALE) / (double) SCALE)
                .param("topic", key.topic())
                .param("key", key.key())
                .update();
    }

    private static TopicKey topicKey(ResultSet row) throws SQLException {
        return new TopicKey(row.getString("aggregatetype"), row.getString("aggregateid"));
    }
}
