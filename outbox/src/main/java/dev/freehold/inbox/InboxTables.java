package dev.freehold.inbox;

import dev.freehold.outbox.internal.PostgresSchema;
import dev.freehold.outbox.internal.QueueDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** What the inbox needs of its tables. */
final class InboxTables {

    private static final Map<String, String> MESSAGE = Map.of(
            "part", "smallint",
            "consumer", "character varying(255)",
            "id", "uuid",
            "received_at", "timestamp with time zone");

    private static final Map<String, String> PARKED = Map.of(
            "number", "bigint",
            "consumer", "character varying(255)",
            "topic", "character varying(249)",
            "partition", "integer",
            "offset", "bigint",
            "key", "character varying(255)",
            "id", "uuid",
            "headers", "text",
            "payload", "bytea",
            "cause", "text");

    private static final Map<String, String> NEWEST = Map.of(
            "consumer", "character varying(255)",
            "type", "character varying(255)",
            "key", "character varying(255)",
            "version", "bigint");

    private InboxTables() {}

    private static final List<String> OF_A_QUEUE = List.of(
            "SELECT consumer, id, received_at FROM inbox_message WHERE 1 = 0",
            "SELECT consumer, type, message_key, version FROM inbox_newest WHERE 1 = 0",
            """
            SELECT number, consumer, topic, record_partition, record_offset, message_key, id, headers, payload, cause, parked_at
            FROM inbox_parked WHERE 1 = 0
            """,
            "SELECT slot FROM inbox_lock WHERE slot = 255");

    /** Checks them, and returns the store for their database. */
    static InboxStore store(DataSource dataSource, Duration retention) {
        try (Connection connection = dataSource.getConnection()) {
            Optional<QueueDatabase> queue = QueueDatabase.of(connection, "inbox", InboxException::new);
            if (queue.isPresent()) {
                checkQueue(connection, queue.get());
                return new QueueInboxStore(queue.get(), dataSource, retention);
            }
            check(connection);
            return new PostgresInboxStore(dataSource, InboxParts.keeping(retention));
        } catch (SQLException e) {
            throw new InboxException(
                    "The inbox's database cannot be reached: " + e.getMessage(),
                    "Check spring.datasource.url, user and password, and that the server accepts connections.",
                    e);
        }
    }

    private static void checkQueue(Connection connection, QueueDatabase database) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : OF_A_QUEUE) {
                statement.executeQuery(table).close();
            }
        } catch (SQLException e) {
            throw new InboxException(
                    "A table of the inbox is missing or not as needed: " + e.getMessage(), database.action(), e);
        }
    }

    private static void check(Connection connection) throws SQLException {
        Optional<String> mistake = PostgresSchema.mistakeIn(connection, "inbox_message", MESSAGE);
        if (mistake.isEmpty()) {
            mistake = PostgresSchema.mistakeIn(connection, "inbox_parked", PARKED);
        }
        if (mistake.isEmpty()) {
            mistake = PostgresSchema.mistakeIn(connection, "inbox_newest", NEWEST);
        }
        if (mistake.isPresent()) {
            throw new InboxException(mistake.get(), PostgresSchema.ACTION);
        }
    }
}
