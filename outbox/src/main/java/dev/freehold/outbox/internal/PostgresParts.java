package dev.freehold.outbox.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Truncates parts of a table whose rows are needed no more: no row is deleted, and none is left for vacuum. */
public final class PostgresParts {

    /** Nobody writes to an old part, so the lock stops nobody but a backup; and that is waited for another time. */
    private static final String LOCK_PART = """
            SET LOCAL lock_timeout = '100ms';
            LOCK TABLE %s IN ACCESS EXCLUSIVE MODE
            """;

    private static final String EMPTY_PART = "TRUNCATE %s";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private PostgresParts() {}

    /** Tells whether a part may be emptied. */
    @FunctionalInterface
    public interface Condition {

        /** Asked before the part is locked, and again once it is. */
        boolean holds(Connection connection) throws SQLException;
    }

    /** Empties a part in a transaction of its own if the condition holds; says whether it did. */
    public static boolean emptyIf(Condition condition, String part, DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                boolean asked = condition.holds(connection);
                connection.commit(); // two that keep their locks on what they read would wait for each other
                boolean emptied = asked && lock(connection, part) && condition.holds(connection);
                if (emptied) {
                    execute(connection, EMPTY_PART.formatted(part));
                }
                connection.commit();
                return emptied;
            } finally {
                connection.rollback();
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private static boolean lock(Connection connection, String part) throws SQLException {
        try {
            execute(connection, LOCK_PART.formatted(part));
            return true;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                connection.rollback();
                return false;
            }
            throw e;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
