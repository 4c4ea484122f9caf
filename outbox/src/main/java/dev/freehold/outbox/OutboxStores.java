package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** Chooses the store for a database. */
final class OutboxStores {

    private OutboxStores() {}

    static OutboxStore of(DataSource dataSource, Duration retention) {
        try (Connection connection = dataSource.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (!product.equals("PostgreSQL") || version < 14) {
                throw new OutboxException(
                        "The outbox does not support %s %d.".formatted(product, version),
                        "Use PostgreSQL 14 or later.");
            }
            return new PostgresOutboxStore(dataSource, new LogParts(retention));
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    static ParkedEvents parkedEvents(DataSource dataSource) {
        of(dataSource, LogParts.DEFAULT_RETENTION);
        return new PostgresParkedEvents(dataSource);
    }

    static OutboxException unreachable(SQLException cause) {
        return new OutboxException(
                "The outbox's database cannot be reached: " + cause.getMessage(),
                "Check spring.datasource.url, user and password, and that the server accepts connections.",
                cause);
    }
}
