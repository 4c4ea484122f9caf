package dev.freehold.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import tools.jackson.databind.json.JsonMapper;

/** The inbox in PostgreSQL. A duplicate is found by {@code ON CONFLICT}, which does not abort the transaction. */
final class PostgresInboxStore implements InboxStore {

    /** In ascending order, so that two consumers with the same messages never wait for each other. */
    private static final String NOTE = """
            INSERT INTO inbox_message (consumer, id)
            SELECT :consumer, t.id FROM unnest(:ids) AS t (id) ORDER BY t.id
            ON CONFLICT (consumer, id) DO NOTHING
            RETURNING id
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

    private static final String TAKE_FIRST = """
            DELETE FROM inbox_parked
            WHERE number = (SELECT number FROM inbox_parked WHERE consumer = :consumer AND key = :key
                            ORDER BY number LIMIT 1 FOR UPDATE)
            RETURNING topic, partition, "offset", key, id, headers, payload
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json = new JsonMapper();

    PostgresInboxStore(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public Set<UUID> note(String consumer, List<UUID> ids) {
        return new HashSet<>(jdbc.sql(NOTE)
                .param("consumer", consumer)
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .query(UUID.class)
                .list());
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
                .param("headers", json.writeValueAsString(ParkedHeaders.of(context)))
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
    public Optional<InboxMessage> takeFirst(String consumer, String key) {
        return jdbc.sql(TAKE_FIRST)
                .param("consumer", consumer)
                .param("key", key)
                .query((row, n) -> message(row))
                .optional();
    }

    private InboxMessage message(ResultSet row) throws SQLException {
        ParkedHeaders parked = json.readValue(row.getString("headers"), ParkedHeaders.class);
        EventContext context = new EventContext(
                row.getObject("id", UUID.class),
                parked.type(),
                parked.version(),
                parked.source(),
                row.getString("key"),
                parked.time(),
                row.getString("topic"),
                row.getInt("partition"),
                row.getLong("offset"),
                parked.headers());
        return new InboxMessage(context, row.getBytes("payload"));
    }

    /** The part of a message's context that has no column of its own. */
    private record ParkedHeaders(String type, int version, String source, Instant time, Map<String, String> headers) {

        static ParkedHeaders of(EventContext context) {
            return new ParkedHeaders(
                    context.type(), context.version(), context.source(), context.time(), context.headers());
        }
    }
}
