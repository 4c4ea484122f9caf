package dev.freehold.outbox.internal;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BiFunction;

/** A database that has no snapshots to compare, and what it says differently from the others. */
public enum QueueDatabase {
    /** Version 10.6 and later. */
    MARIADB("MariaDB", 10, 6, "schema-mariadb.sql", "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"),

    /** Version 2 and later. */
    H2("H2", 2, 0, "schema-h2.sql", "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6)) * 1000000 AS BIGINT)");

    private static final int FIRST_POSTGRES = 14;
    private static final String CHANGED_ROWS_ONLY = "useAffectedRows=true";

    private final String product;
    private final int major;
    private final int minor;
    private final String script;
    private final String now;

    QueueDatabase(String product, int major, int minor, String script, String now) {
        this.product = product;
        this.major = major;
        this.minor = minor;
        this.script = script;
        this.now = now;
    }

    /**
     * The one that a service has, empty if it is PostgreSQL.
     *
     * @param user what needs it, such as "outbox"
     * @param refusal makes the exception for one that is not supported, of what is wrong and what to do
     */
    public static Optional<QueueDatabase> of(
            Connection connection, String user, BiFunction<String, String, ? extends RuntimeException> refusal)
            throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        String product = server.getDatabaseProductName();
        int major = server.getDatabaseMajorVersion();
        if (product.equals("PostgreSQL") && major >= FIRST_POSTGRES) {
            return Optional.empty();
        }
        Optional<QueueDatabase> queue = of(product, major, server.getDatabaseMinorVersion());
        if (queue.isEmpty()) {
            throw refusal.apply(
                    "The %s does not support %s %s.".formatted(user, product, server.getDatabaseProductVersion()),
                    "Use PostgreSQL 14 or later, MariaDB 10.6 or later, or H2 2 for tests.");
        }
        if (String.valueOf(server.getURL()).contains(CHANGED_ROWS_ONLY)) {
            throw refusal.apply(
                    "The %s's database is connected with %s.".formatted(user, CHANGED_ROWS_ONLY),
                    "Take it out of the JDBC URL: updates must tell how many rows they found, or a lease looks lost.");
        }
        return queue;
    }

    private static Optional<QueueDatabase> of(String product, int major, int minor) {
        for (QueueDatabase database : values()) {
            boolean recent = major > database.major || (major == database.major && minor >= database.minor);
            if (database.product.equals(product) && recent) {
                return Optional.of(database);
            }
        }
        return Optional.empty();
    }

    /** Name of the script that makes its tables. */
    public String script() {
        return script;
    }

    /** What to do if tables are not there. */
    public String action() {
        return "Add the statements of classpath:dev/freehold/outbox/%s to your migrations; or, for development, set freehold.outbox.initialize-schema=always."
                .formatted(script);
    }

    /**
     * The beginning of a statement that deletes rows by an index. MariaDB's planner would rather read the whole table, and then
     * wait for every row that another transaction has inserted.
     */
    public String deleteFrom(String table, String index) {
        return this == MARIADB
                ? "DELETE t FROM %s t FORCE INDEX (%s) WHERE ".formatted(table, index)
                : "DELETE FROM %s t WHERE ".formatted(table);
    }

    /** The statement with the database's present time in microseconds since 1970 for {@code :now}. */
    public String sql(String statement) {
        return statement.replace(":now", now);
    }
}
