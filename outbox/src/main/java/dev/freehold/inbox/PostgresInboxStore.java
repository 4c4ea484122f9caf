package dev.freehold.inbox;

import dev.freehold.outbox.internal.PostgresParts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** The inbox in PostgreSQL. A duplicate is found by {@code ON CONFLICT}, which does not abort the transaction. */
final class PostgresInboxStore implements InboxStore {

    /** In ascending order, so that two consumers with the same messages never wait for each other. */
    private static final String NOTE = """
            INSERT INTO inbox_message (part, consumer, id)
            SELECT t.part, :consumer, t.id FROM unnest(:parts, :ids) AS t (part, id) ORDER BY t.id
            ON CONFLICT (consumer, id, part) DO NOTHING
            RETURNING id, floor(extract(epoch FROM clock_timestamp()) * 1000 / :turn)::bigint AS turn
            """;

    private static final String NOTED_ELSEWHERE = """
            SELECT t.id FROM unnest(:parts, :ids) AS t (part, id)
            WHERE EXISTS (SELECT FROM inbox_message m WHERE m.consumer = :consumer AND m.id = t.id AND m.part <> t.part)
            """;

    /** By the part's last turn, which is the present one at most; and the next one is not its own. */
    private static final String IS_OLD = """
            SELECT EXISTS (SELECT FROM inbox_message_%1$d)
                   AND extract(epoch FROM clock_timestamp()) * 1000 > (turn - (turn - %1$d) %% %2$d + 1) * ? + ?
                   AND (turn + 1 - %1$d) %% %2$d <> 0
            FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000 / ?)::bigint AS turn) t
            """;

    private static final String NEWER = """
            INSERT INTO inbox_newest (consumer, type, key, version) VALUES (:consumer, :type, :key, :version)
            ON CONFLICT (consumer, type, key) DO UPDATE SET version = excluded.version
            WHERE inbox_newest.version <= excluded.version
            """;

    private static final String FORGET_NEWEST = """
            DELETE FROM inbox_newest WHERE consumer = :consumer AND type = :type AND key = :key
            """;

    private static final String PARKED = """
            SELECT DISTINCT key FROM inbox_parked WHERE consumer = :consumer AND key = ANY (:keys)
            """;

    /** In ascending order, so that two transactions never wait for each other. */
    private static final String LOCK = """
            SELECT pg_advisory_xact_lock(t.lock)
            FROM (SELECT hashtextextended(u.key, hashtext(:consumer)) AS lock FROM unnest(:keys) AS u (key) ORDER BY lock) t
            """;

    private static final String PARK = """
            INSERT INTO inbox_parked (consumer, topic, partition, "offset", key, id, headers, payload, cause)
            VALUES (:consumer, :topic, :partition, :offset, :key, :id, :headers, :payload, :cause)
            ON CONFLICT (consumer, id) DO NOTHING
            """;

    private static final String PARKED_KEYS = """
            SELECT key FROM inbox_parked WHERE consumer = :consumer GROUP BY key ORDER BY min(number)
            """;

    private static final String PARKED_MESSAGES = """
            SELECT topic, partition, "offset", key, id, headers, payload, cause, parked_at
            FROM inbox_parked WHERE consumer = :consumer ORDER BY number LIMIT :limit
            """;

    private static final String DISCARD = """
            DELETE FROM inbox_parked WHERE consumer = :consumer AND id = :id
            """;

    private static final String TAKE_FIRST = """
            DELETE FROM inbox_parked
            WHERE number = (SELECT number FROM inbox_parked WHERE consumer = :consumer AND key = :key
                            ORDER BY number LIMIT 1 FOR UPDATE)
            RETURNING topic, partition, "offset", key, id, headers, payload
            """;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final InboxParts parts;
    private final PostgresAwaited awaited;

    PostgresInboxStore(DataSource dataSource, InboxParts parts) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.parts = parts;
        this.awaited = new PostgresAwaited(jdbc, parts);
    }

    @Override
    public Set<UUID> note(String consumer, List<UUID> ids) {
        List<Noted> notedAtHome = note(consumer, ids, parts::homeOf);
        Set<UUID> fresh = new HashSet<>(notedAtHome.stream().map(Noted::id).toList());
        Map<UUID, Long> others = notedAtHome.stream()
                .filter(noted -> parts.turnOf(noted.id()) != noted.turn())
                .collect(Collectors.toMap(Noted::id, Noted::turn));
        if (!others.isEmpty()) {
            Set<UUID> notedElsewhere = notedElsewhere(consumer, List.copyOf(others.keySet()));
            fresh.removeAll(notedElsewhere);
            others.keySet().removeAll(notedElsewhere);
            note(consumer, List.copyOf(others.keySet()), id -> InboxParts.partOf(others.getOrDefault(id, 0L)));
        }
        return fresh;
    }

    private List<Noted> note(String consumer, List<UUID> ids, ToIntFunction<UUID> part) {
        return jdbc.sql(NOTE)
                .param("consumer", consumer)
                .param("parts", numbers(ids, part))
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .param("turn", parts.turn().toMillis())
                .query((row, n) -> new Noted(row.getObject("id", UUID.class), row.getLong("turn")))
                .list();
    }

    private Set<UUID> notedElsewhere(String consumer, List<UUID> ids) {
        return jdbc.sql(NOTED_ELSEWHERE)
                .param("consumer", consumer)
                .param("parts", numbers(ids, parts::homeOf))
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .query((row, n) -> row.getObject("id", UUID.class))
                .set();
    }

    private static SqlArrayValue numbers(List<UUID> ids, ToIntFunction<UUID> part) {
        return new SqlArrayValue("int2", ids.stream().map(part::applyAsInt).toArray());
    }

    @Override
    public Map<Awaited, Awaited.Fate> look(List<Awaited> wanted) {
        return awaited.look(wanted);
    }

    @Override
    public int emptyOldParts() throws SQLException {
        int emptied = 0;
        for (int number = 0; number < InboxParts.COUNT; number++) {
            int part = number;
            emptied += PostgresParts.emptyIf(connection -> isOld(connection, part), "inbox_message_" + part, dataSource)
                    ? 1
                    : 0;
        }
        return emptied;
    }

    private boolean isOld(Connection connection, int part) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(IS_OLD.formatted(part, InboxParts.COUNT))) {
            select.setLong(1, parts.turn().toMillis());
            select.setLong(2, parts.retention().toMillis());
            select.setLong(3, parts.turn().toMillis());
            ResultSet row = select.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public boolean isPresent(String consumer, String type, String key, long version) {
        return jdbc.sql(NEWER)
                        .param("consumer", consumer)
                        .param("type", type)
                        .param("key", key)
                        .param("version", version)
                        .update()
                == 1;
    }

    @Override
    public void forgetNewest(String consumer, String type, String key) {
        jdbc.sql(FORGET_NEWEST)
                .param("consumer", consumer)
                .param("type", type)
                .param("key", key)
                .update();
    }

    @Override
    public Set<String> parked(String consumer, Set<String> keys) {
        return jdbc.sql(PARKED)
                .param("consumer", consumer)
                .param("keys", new SqlArrayValue("text", keys.toArray()))
                .query((row, n) -> row.getString("key"))
                .set();
    }

    @Override
    public void lock(String consumer, Set<String> keys) {
        jdbc.sql(LOCK)
                .param("consumer", consumer)
                .param("keys", new SqlArrayValue("text", keys.toArray()))
                .query((row, n) -> n)
                .list();
    }

    @Override
    public void park(String consumer, InboxMessage message, String cause) {
        EventContext context = message.context();
        jdbc.sql(PARK)
                .param("consumer", consumer)
                .param("topic", context.topic())
                .param("partition", context.partition())
                .param("offset", context.offset())
                .param("key", context.key())
                .param("id", context.id())
                .param("headers", ParkedHeaders.of(context).json())
                .param("payload", message.payload())
                .param("cause", cause)
                .update();
    }

    @Override
    public List<String> parkedKeys(String consumer) {
        return jdbc.sql(PARKED_KEYS)
                .param("consumer", consumer)
                .query((row, n) -> row.getString("key"))
                .list();
    }

    @Override
    public List<ParkedMessage> parkedMessages(String consumer, int limit) {
        return jdbc.sql(PARKED_MESSAGES)
                .param("consumer", consumer)
                .param("limit", limit)
                .query((row, n) -> new ParkedMessage(
                        message(row),
                        row.getString("cause"),
                        row.getTimestamp("parked_at").toInstant()))
                .list();
    }

    @Override
    public boolean discard(String consumer, UUID id) {
        return jdbc.sql(DISCARD).param("consumer", consumer).param("id", id).update() == 1;
    }

    @Override
    public Optional<InboxMessage> takeFirst(String consumer, String key) {
        return jdbc.sql(TAKE_FIRST)
                .param("consumer", consumer)
                .param("key", key)
                .query((row, n) -> message(row))
                .optional();
    }

    private static InboxMessage message(ResultSet row) throws SQLException {
        EventContext context = ParkedHeaders.of(row.getString("headers"))
                .context(
                        row.getObject("id", UUID.class),
                        row.getString("key"),
                        row.getString("topic"),
                        row.getInt("partition"),
                        row.getLong("offset"));
        return new InboxMessage(context, row.getBytes("payload"));
    }

    /** An id that was noted now, and the turn that it was. */
    private record Noted(UUID id, long turn) {}
}
