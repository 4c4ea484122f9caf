package dev.freehold.inbox;

import dev.freehold.outbox.internal.QueueDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The inbox in MariaDB and H2. Old ids are deleted, some at a time. */
final class QueueInboxStore implements InboxStore {

    /** In ascending order, so that two consumers with the same messages seldom wait for each other; the rows that are new. */
    private static final String NOTE_NEW = """
            INSERT IGNORE INTO inbox_message (consumer, id, received_at) VALUES %s RETURNING id
            """;

    /** H2 has no such statement: there one transaction after the other notes. */
    private static final String LOCK_NOTES = "SELECT slot FROM inbox_lock WHERE slot = -1 FOR UPDATE";

    private static final String NOTED = "SELECT id FROM inbox_message WHERE consumer = :consumer AND id IN (:ids)";

    private static final String NOTE = "INSERT INTO inbox_message (consumer, id, received_at) VALUES %s";

    private static final String OLD = """
            SELECT consumer, id FROM inbox_message WHERE received_at < :now - :retention ORDER BY received_at LIMIT 1000
            """;

    private static final String THESE = "t.consumer = :consumer AND t.id IN (:ids)";

    private static final String NEWER = """
            UPDATE inbox_newest SET version = :version
            WHERE consumer = :consumer AND type = :type AND message_key = :key AND version <= :version
            """;

    private static final String KNOWN = """
            SELECT count(*) FROM inbox_newest WHERE consumer = :consumer AND type = :type AND message_key = :key
            """;

    private static final String FIRST = """
            INSERT INTO inbox_newest (consumer, type, message_key, version) VALUES (:consumer, :type, :key, :version)
            """;

    private static final String FORGET_NEWEST = """
            DELETE FROM inbox_newest WHERE consumer = :consumer AND type = :type AND message_key = :key
            """;

    private static final String PARKED = """
            SELECT DISTINCT message_key FROM inbox_parked WHERE consumer = :consumer AND message_key IN (:keys)
            """;

    private static final String LOCK = "SELECT slot FROM inbox_lock WHERE slot = :slot FOR UPDATE";
    private static final int LOCKS = 256;

    private static final String IS_PARKED = "SELECT count(*) FROM inbox_parked WHERE consumer = :consumer AND id = :id";

    private static final String PARK = """
            INSERT INTO inbox_parked
              (consumer, topic, record_partition, record_offset, message_key, id, headers, payload, cause, parked_at)
            VALUES (:consumer, :topic, :partition, :offset, :key, :id, :headers, :payload, :cause, :now)
            """;

    private static final String PARKED_KEYS = """
            SELECT message_key FROM inbox_parked WHERE consumer = :consumer GROUP BY message_key ORDER BY min(number)
            """;

    private static final String PARKED_MESSAGES = """
            SELECT topic, record_partition, record_offset, message_key, id, headers, payload, cause, parked_at
            FROM inbox_parked WHERE consumer = :consumer ORDER BY number LIMIT :limit
            """;

    private static final String DISCARD = "DELETE FROM inbox_parked WHERE consumer = :consumer AND id = :id";

    private static final String LOOK_AT_FIRST = """
            SELECT topic, record_partition, record_offset, message_key, id, headers, payload
            FROM inbox_parked WHERE consumer = :consumer AND message_key = :key
            ORDER BY number LIMIT 1 FOR UPDATE
            """;

    private final QueueDatabase database;
    private final JdbcClient jdbc;
    private final TransactionTemplate own;
    private final Duration retention;
    private final QueueAwaited awaited;

    QueueInboxStore(QueueDatabase database, DataSource dataSource, Duration retention) {
        this.database = database;
        this.jdbc = JdbcClient.create(dataSource);
        this.own = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        own.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.retention = retention;
        this.awaited = new QueueAwaited(jdbc);
    }

    private StatementSpec sql(String statement) {
        return jdbc.sql(database.sql(statement));
    }

    /** What others have parked must be seen once the lock is had, which MariaDB's default level would hide. */
    @Override
    public int isolation() {
        return TransactionDefinition.ISOLATION_READ_COMMITTED;
    }

    @Override
    public Set<UUID> note(String consumer, List<UUID> ids) {
        if (ids.isEmpty()) {
            return new HashSet<>();
        }
        if (database == QueueDatabase.MARIADB) {
            return new HashSet<>(sql(NOTE_NEW.formatted(rows(new HashSet<>(ids))))
                    .param("consumer", consumer)
                    .query((row, n) -> UUID.fromString(row.getString("id")))
                    .list());
        }
        sql(LOCK_NOTES).query(Integer.class).single();
        Set<UUID> fresh = new HashSet<>(ids);
        fresh.removeAll(sql(NOTED)
                .param("consumer", consumer)
                .param("ids", ids.stream().map(UUID::toString).toList())
                .query((row, n) -> UUID.fromString(row.getString("id")))
                .list());
        if (!fresh.isEmpty()) {
            sql(NOTE.formatted(rows(fresh))).param("consumer", consumer).update();
        }
        return fresh;
    }

    private static String rows(Set<UUID> ids) {
        return ids.stream().sorted().map("(:consumer, '%s', :now)"::formatted).collect(Collectors.joining(", "));
    }

    @Override
    public Map<Awaited, Awaited.Fate> look(List<Awaited> wanted) {
        return awaited.look(wanted);
    }

    @Override
    public int emptyOldParts() {
        if (retention.isZero()) {
            return 0;
        }
        int deleted = 0;
        int some;
        do {
            some = Objects.requireNonNull(own.execute(status -> forgetSome()));
            deleted += some;
        } while (some > 0);
        return deleted;
    }

    private int forgetSome() {
        Map<String, List<String>> old = sql(OLD)
                .param("retention", retention.toNanos() / 1_000)
                .query((row, n) -> Map.entry(row.getString("consumer"), row.getString("id")))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        int forgotten = 0;
        for (Map.Entry<String, List<String>> ids : old.entrySet()) {
            forgotten += jdbc.sql(database.deleteFrom("inbox_message", "PRIMARY") + THESE)
                    .param("consumer", ids.getKey())
                    .param("ids", ids.getValue())
                    .update();
        }
        return forgotten;
    }

    @Override
    public boolean isPresent(String consumer, String type, String key, long version) {
        return ofState(NEWER, consumer, type, key).param("version", version).update() == 1
                || (ofState(KNOWN, consumer, type, key).query(Long.class).single() == 0
                        && ofState(FIRST, consumer, type, key)
                                        .param("version", version)
                                        .update()
                                == 1);
    }

    @Override
    public void forgetNewest(String consumer, String type, String key) {
        ofState(FORGET_NEWEST, consumer, type, key).update();
    }

    private StatementSpec ofState(String statement, String consumer, String type, String key) {
        return sql(statement).param("consumer", consumer).param("type", type).param("key", key);
    }

    @Override
    public Set<String> parked(String consumer, Set<String> keys) {
        return keys.isEmpty()
                ? Set.of()
                : sql(PARKED)
                        .param("consumer", consumer)
                        .param("keys", keys)
                        .query((row, n) -> row.getString("message_key"))
                        .set();
    }

    @Override
    public void lock(String consumer, Set<String> keys) {
        keys.stream()
                .map(key -> Math.floorMod(31 * consumer.hashCode() + key.hashCode(), LOCKS))
                .distinct()
                .sorted()
                .forEach(slot ->
                        sql(LOCK).param("slot", slot).query(Integer.class).single());
    }

    @Override
    public void park(String consumer, InboxMessage message, String cause) {
        EventContext context = message.context();
        String id = context.id().toString();
        boolean isParked = sql(IS_PARKED)
                        .param("consumer", consumer)
                        .param("id", id)
                        .query(Long.class)
                        .single()
                > 0;
        if (!isParked) {
            sql(PARK)
                    .param("consumer", consumer)
                    .param("topic", context.topic())
                    .param("partition", context.partition())
                    .param("offset", context.offset())
                    .param("key", context.key())
                    .param("id", id)
                    .param("headers", ParkedHeaders.of(context).json())
                    .param("payload", message.payload())
                    .param("cause", cause)
                    .update();
        }
    }

    @Override
    public List<String> parkedKeys(String consumer) {
        return sql(PARKED_KEYS)
                .param("consumer", consumer)
                .query((row, n) -> row.getString("message_key"))
                .list();
    }

    @Override
    public List<ParkedMessage> parkedMessages(String consumer, int limit) {
        return sql(PARKED_MESSAGES)
                .param("consumer", consumer)
                .param("limit", limit)
                .query((row, n) -> new ParkedMessage(
                        message(row),
                        row.getString("cause"),
                        Instant.EPOCH.plus(row.getLong("parked_at"), ChronoUnit.MICROS)))
                .list();
    }

    @Override
    public boolean discard(String consumer, UUID id) {
        return sql(DISCARD)
                        .param("consumer", consumer)
                        .param("id", id.toString())
                        .update()
                == 1;
    }

    @Override
    public Optional<InboxMessage> takeFirst(String consumer, String key) {
        Optional<InboxMessage> first = sql(LOOK_AT_FIRST)
                .param("consumer", consumer)
                .param("key", key)
                .query((row, n) -> message(row))
                .optional();
        first.ifPresent(message -> discard(consumer, message.context().id()));
        return first;
    }

    private static InboxMessage message(ResultSet row) throws SQLException {
        EventContext context = ParkedHeaders.of(row.getString("headers"))
                .context(
                        UUID.fromString(row.getString("id")),
                        row.getString("message_key"),
                        row.getString("topic"),
                        row.getInt("record_partition"),
                        row.getLong("record_offset"));
        return new InboxMessage(context, row.getBytes("payload"));
    }
}
