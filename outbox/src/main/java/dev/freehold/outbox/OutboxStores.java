package dev.freehold.outbox;

import dev.freehold.outbox.internal.QueueDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** Chooses the store for a database. */
final class OutboxStores {

    private OutboxStores() {}

    static OutboxStore of(DataSource dataSource, Duration retention) {
        return queue(dataSource)
                .<OutboxStore>map(database -> new QueueOutboxStore(database, dataSource))
                .orElseGet(() -> new PostgresOutboxStore(dataSource, new LogParts(retention)));
    }

    static ParkedEvents parkedEvents(DataSource dataSource) {
        return queue(dataSource)
                .<ParkedEvents>map(database -> new QueueParkedEvents(new QueueCalls(database, dataSource)))
                .orElseGet(() -> new PostgresParkedEvents(dataSource));
    }

    /** Empty for PostgreSQL. */
    private static Optional<QueueDatabase> queue(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return QueueDatabase.of(connection, "outbox", OutboxException::new);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    static OutboxException unreachable(SQLException cause) {
        return new OutboxException(
                "The outbox's database cannot be reached: " + cause.getMessage(),
                "Check spring.datasource.url, user and password, and that the server accepts connections.",
                cause);
    }
}
