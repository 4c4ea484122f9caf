package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Surroundings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sees what an outbox does to its database: the times of its statements, by {@code pg_stat_statements}, and the dead rows of
 * its tables, by {@code pgstattuple}.
 */
final class DatabaseWatch implements AutoCloseable {

    private static final String INSTALL = "CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pgstattuple";

    /** For sessions that begin later. */
    private static final String TRACK = """
            DO $$BEGIN
              EXECUTE format('ALTER DATABASE %I SET compute_query_id = on', current_database());
              EXECUTE format('ALTER DATABASE %I SET pg_stat_statements.track = top', current_database());
            END$$
            """;

    private static final String STATEMENTS = """
            SELECT coalesce(sum(total_exec_time) FILTER (WHERE reads), 0), coalesce(sum(calls) FILTER (WHERE reads), 0),
                   coalesce(sum(total_exec_time) FILTER (WHERE notes), 0), coalesce(sum(calls) FILTER (WHERE notes), 0)
            FROM (SELECT total_exec_time, calls, query ~ '^\\s*SELECT' AS reads, query ~ '^\\s*(UPDATE|DELETE)' AS notes
                  FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
                  WHERE d.datname = current_database() AND query ~ '(FROM|UPDATE)\\s+outbox') s
            """;

    /** Parts count for their table; what nobody has written to is left out. */
    private static final String DEAD_ROWS = """
            SELECT CAST(coalesce(i.inhparent, c.oid) AS regclass) AS name, sum((pgstattuple(c.oid)).dead_tuple_count) AS dead
            FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
            WHERE c.relkind = 'r' AND c.relnamespace = CAST('public' AS regnamespace) AND c.relname <> 'account'
              AND pg_relation_size(c.oid) > 0
            GROUP BY name ORDER BY name
            """;

    private final Connection connection;

    private DatabaseWatch(Connection connection) {
        this.connection = connection;
    }

    /** Watches a database, whose other sessions begin later. */
    static DatabaseWatch of(Surroundings surroundings) throws SQLException {
        Connection connection = Servers.connect(surroundings);
        try (Statement statement = connection.createStatement()) {
            statement.execute(INSTALL);
            statement.execute(TRACK);
        }
        return new DatabaseWatch(connection);
    }

    /** What has been run so far. */
    Statements statements() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STATEMENTS)) {
            row.next();
            return new Statements(row.getDouble(1), row.getLong(2), row.getDouble(3), row.getLong(4));
        }
    }

    /** Rows that are deleted or replaced and still there, by table. */
    Map<String, Long> deadRows() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(DEAD_ROWS)) {
            Map<String, Long> deadRows = new LinkedHashMap<>();
            while (row.next()) {
                deadRows.put(row.getString("name"), row.getLong("dead"));
            }
            return deadRows;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /**
     * The relay's statements: those that read events, and those that note what is published or delete it.
     *
     * @param readMillis inside PostgreSQL, all together
     */
    record Statements(double readMillis, long reads, double noteMillis, long notes) {

        Statements since(Statements earlier) {
            return new Statements(
                    readMillis - earlier.readMillis,
                    reads - earlier.reads,
                    noteMillis - earlier.noteMillis,
                    notes - earlier.notes);
        }

        double meanReadMillis() {
            return readMillis / reads;
        }

        double meanNoteMillis() {
            return noteMillis / notes;
        }
    }
}
