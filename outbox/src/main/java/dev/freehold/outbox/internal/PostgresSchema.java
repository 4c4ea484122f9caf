package dev.freehold.outbox.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares tables in the connection's schema with what a module needs, so that a mistake shows at start. */
public final class PostgresSchema {

    /** Where the tables come from. */
    public static final String SCRIPT = "classpath:dev/freehold/outbox/schema-postgresql.sql";

    /** What to do when something is missing. */
    public static final String ACTION =
            "Add the statements of %s to your migrations; or, for development, set freehold.outbox.initialize-schema=always."
                    .formatted(SCRIPT);

    private static final String COLUMNS = """
            SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
            FROM pg_attribute a
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
            """;

    private static final String TABLE = """
            SELECT c.relpersistence <> 'p' AS temporary,
                   has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AS accessible
            FROM pg_class c WHERE c.oid = to_regclass(?)
            """;

    private PostgresSchema() {}

    /**
     * Looks for what is wrong with a table.
     *
     * @param needed names and types of the columns, as PostgreSQL writes them
     * @return one sentence, or empty if the table is as needed
     */
    public static Optional<String> mistakeIn(Connection connection, String table, Map<String, String> needed)
            throws SQLException {
        Map<String, Column> found = columns(connection, table);
        if (found.isEmpty()) {
            return Optional.of("Table %s is missing.".formatted(table));
        }
        for (Map.Entry<String, String> column : new TreeMap<>(needed).entrySet()) {
            Column present = found.remove(column.getKey());
            if (present == null) {
                return Optional.of("Column %s.%s is missing.".formatted(table, column.getKey()));
            }
            if (!present.type().equals(column.getValue())) {
                return Optional.of("Column %s.%s is %s, not %s."
                        .formatted(table, column.getKey(), present.type(), column.getValue()));
            }
        }
        return found.entrySet().stream()
                .filter(other -> other.getValue().required())
                .findFirst()
                .map(other -> "Column %s.%s is not ours, and must be filled.".formatted(table, other.getKey()))
                .or(() -> tableMistake(connection, table));
    }

    private static Map<String, Column> columns(Connection connection, String table) throws SQLException {
        Map<String, Column> found = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setString(1, table);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString("name"), new Column(rows.getString("type"), rows.getBoolean("required")));
                }
            }
        }
        return found;
    }

    private static Optional<String> tableMistake(Connection connection, String table) {
        try (PreparedStatement select = connection.prepareStatement(TABLE)) {
            select.setString(1, table);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getBoolean("temporary")) {
                    return Optional.of(
                            "Table %s is unlogged or temporary, so a crash would empty it.".formatted(table));
                }
                return row.getBoolean("accessible")
                        ? Optional.empty()
                        : Optional.of(
                                "The service's role may not read and write table %s; GRANT it SELECT, INSERT, UPDATE and DELETE."
                                        .formatted(table));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("could not look at table " + table, e);
        }
    }

    private record Column(String type, boolean required) {}
}
