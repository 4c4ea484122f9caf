package dev.freehold.inbox;

import dev.freehold.outbox.internal.PostgresSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** What the inbox needs of its tables in PostgreSQL. */
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

    static void check(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            if (!product.equals("PostgreSQL")) {
                throw new InboxException(
                        "The inbox does not support %s.".formatted(product), "Use PostgreSQL 14 or later.");
            }
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
        } catch (SQLException e) {
            throw new InboxException(
                    "The inbox's database cannot be reached: " + e.getMessage(),
                    "Check spring.datasource.url, user and password, and that the server accepts connections.",
                    e);
        }
    }
}
