package dev.freehold.outbox;

import dev.freehold.outbox.internal.PostgresParts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    private PostgresLogParts() {}

    static int emptyOld(DataSource dataSource, Duration retention) throws SQLException {
        int emptied = 0;
        for (int number = 0; number < LogParts.COUNT; number++) {
            int part = number;
            emptied += PostgresParts.emptyIf(
                            connection -> isOldAndPublished(connection, part, retention),
                            "outbox_event_" + part,
                            dataSource)
                    ? 1
                    : 0;
        }
        return emptied;
    }

    private static boolean isOldAndPublished(Connection connection, int part, Duration retention) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(IS_OLD_AND_PUBLISHED.formatted(part))) {
            select.setLong(1, retention.toMillis());
            ResultSet row = select.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }
}
