package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** Truncates the log's parts in PostgreSQL, when nothing in them is needed any more. */
final class PostgresLogParts {

    /**
     * Newest is the one with the highest position, or nearly: what counts is that everything is published. That is known by
     * the index on the transaction id: nothing that an owner has not seen.
     */
    private static final String IS_OLD_AND_PUBLISHED = """
            SELECT coalesce((SELECT created_at FROM outbox_event_%1$d ORDER BY position DESC LIMIT 1)
                              < clock_timestamp() - ? * interval '1 millisecond', false)
                   AND EXISTS (SELECT FROM outbox_progress)
                   AND NOT EXISTS (SELECT FROM outbox_progress p JOIN outbox_event_%1$d e
                                     ON e.tx >= pg_snapshot_xmax(p.seen)
                                     OR e.tx = ANY (ARRAY(SELECT pg_snapshot_xip(p.seen))))
            """;

    /** Nobody writes to an old part, so the lock stops nobody but a backup; and that is waited for another time. */
    private static final String LOCK_PART = """
            SELECT set_config('lock_timeout', '100ms', true);
            LOCK TABLE outbox_event_%d IN ACCESS EXCLUSIVE MODE
            """;

    private static final String EMPTY_PART = "TRUNCATE outbox_event_%d";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private PostgresLogParts() {}

    static int emptyOld(DataSource dataSource, Duration retention) throws SQLException {
        int emptied = 0;
        for (int part = 0; part < LogParts.COUNT; part++) {
            emptied += emptyIfOld(dataSource, part, retention) ? 1 : 0;
        }
        return emptied;
    }

    private static boolean emptyIfOld(DataSource dataSource, int part, Duration retention) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                boolean emptied = isOldAndPublished(connection, part, retention)
                        && lock(connection, part)
                        && isOldAndPublished(connection, part, retention);
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

    private static boolean isOldAndPublished(Connection connection, int part, Duration retention) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(IS_OLD_AND_PUBLISHED.formatted(part))) {
            select.setLong(1, retention.toMillis());
            ResultSet row = select.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    private static boolean lock(Connection connection, int part) throws SQLException {
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
