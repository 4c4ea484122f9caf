package dev.freehold.outbox;

import dev.freehold.outbox.internal.QueueDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** What the outbox needs of its tables in a database that it uses as a queue. */
final class QueueTables {

    private static final List<String> TABLES =
            List.of("""
            SELECT position, id, aggregatetype, aggregateid, slot, type, version, payload, traceparent, created_at, claim
            FROM outbox_event WHERE 1 = 0
            """, """
            SELECT shard, shards, wanted, phase, epoch, number, published, owner, leased_until
            FROM outbox_progress WHERE 1 = 0
            """, "SELECT owner, alive_until FROM outbox_relay WHERE 1 = 0", """
            SELECT aggregatetype, aggregateid, slot, attempts, next_attempt_at, cause, parked_at
            FROM outbox_parked_key WHERE 1 = 0
            """, """
            SELECT number, position, id, aggregatetype, aggregateid, slot, type, version, payload, traceparent, created_at,
                   dead, cause, parked_at
            FROM outbox_parked WHERE 1 = 0
            """);

    private static final String LOCKS = "SELECT count(*) FROM outbox_lock HAVING count(*) = 257";

    private QueueTables() {}

    static void check(QueueDatabase database, DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                read(statement, table, database);
            }
            if (!read(statement, LOCKS, database)) {
                throw mistake("Table outbox_lock has not the rows -1 to 255.", database, null);
            }
        }
    }

    private static boolean read(Statement statement, String sql, QueueDatabase database) {
        try {
            return statement.executeQuery(sql).next();
        } catch (SQLException e) {
            throw mistake("A table of the outbox is missing or not as needed: " + e.getMessage(), database, e);
        }
    }

    private static OutboxException mistake(
            String what, QueueDatabase database, @org.jspecify.annotations.Nullable Exception cause) {
        String action = database.action();
        return cause == null ? new OutboxException(what, action) : new OutboxException(what, action, cause);
    }
}
