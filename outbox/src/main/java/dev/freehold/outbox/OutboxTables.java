package dev.freehold.outbox;

import dev.freehold.outbox.internal.PostgresSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** What the outbox needs of its tables in PostgreSQL. */
final class OutboxTables {

    private static final Map<String, String> EVENT = Map.ofEntries(
            Map.entry("tx", "xid8"),
            Map.entry("position", "bigint"),
            Map.entry("id", "uuid"),
            Map.entry("aggregatetype", "character varying(249)"),
            Map.entry("aggregateid", "character varying(255)"),
            Map.entry("type", "character varying(255)"),
            Map.entry("version", "integer"),
            Map.entry("payload", "bytea"),
            Map.entry("traceparent", "character varying(64)"),
            Map.entry("created_at", "timestamp with time zone"),
            Map.entry("part", "smallint"));

    private static final Map<String, String> PROGRESS = Map.ofEntries(
            Map.entry("shard", "integer"),
            Map.entry("shards", "integer"),
            Map.entry("wanted", "integer"),
            Map.entry("phase", "character varying(8)"),
            Map.entry("until", "pg_snapshot"),
            Map.entry("epoch", "bigint"),
            Map.entry("number", "bigint"),
            Map.entry("owner", "character varying(255)"),
            Map.entry("leased_until", "timestamp with time zone"),
            Map.entry("seen", "pg_snapshot"),
            Map.entry("reading", "pg_snapshot"),
            Map.entry("position", "bigint"),
            Map.entry("cluster", "character varying(32)"));

    private static final Map<String, String> RELAY =
            Map.of("owner", "character varying(255)", "alive_until", "timestamp with time zone");

    private static final Map<String, String> PARKED_KEY = Map.of(
            "aggregatetype", "character varying(249)",
            "aggregateid", "character varying(255)",
            "attempts", "integer",
            "next_attempt_at", "timestamp with time zone",
            "cause", "text",
            "parked_at", "timestamp with time zone");

    private static final Map<String, String> PARKED = Map.ofEntries(
            Map.entry("number", "bigint"),
            Map.entry("tx", "xid8"),
            Map.entry("position", "bigint"),
            Map.entry("id", "uuid"),
            Map.entry("aggregatetype", "character varying(249)"),
            Map.entry("aggregateid", "character varying(255)"),
            Map.entry("type", "character varying(255)"),
            Map.entry("version", "integer"),
            Map.entry("payload", "bytea"),
            Map.entry("traceparent", "character varying(64)"),
            Map.entry("created_at", "timestamp with time zone"),
            Map.entry("dead", "boolean"),
            Map.entry("cause", "text"),
            Map.entry("parked_at", "timestamp with time zone"));

    private static final String LOG = """
            SELECT s.seqcache,
                   (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a
                      ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                    WHERE d.adrelid = e.oid AND a.attname = 'tx') AS tx_default,
                   EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                           WHERE i.indrelid = e.oid AND i.indisvalid AND a.attname = 'tx') AS tx_index,
                   coalesce(has_sequence_privilege(s.seqrelid, 'USAGE'), false) AS draws_positions,
                   (SELECT relpersistence = 'u' FROM pg_class WHERE oid = to_regclass('outbox_incarnation')) AS notices_crashes,
                   (SELECT count(*) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
                    WHERE i.inhparent = e.oid AND p.relname ~ '^outbox_event_[0-3]$') AS parts,
                   (SELECT min(p.relname) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
                    WHERE i.inhparent = e.oid AND p.relpersistence <> 'p') AS unlogged_part,
                   (SELECT min(p.relname) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
                    WHERE i.inhparent = e.oid AND NOT has_table_privilege(p.oid, 'INSERT')) AS closed_part
            FROM pg_class e
            LEFT JOIN pg_sequence s
              ON s.seqrelid = to_regclass(pg_get_serial_sequence(CAST(CAST(e.oid AS regclass) AS text), 'position'))
            WHERE e.oid = to_regclass('outbox_event')
            """;

    private OutboxTables() {}

    static void check(Connection connection) throws SQLException {
        Optional<String> mistake = PostgresSchema.mistakeIn(connection, "outbox_event", EVENT);
        if (mistake.isEmpty()) {
            mistake = PostgresSchema.mistakeIn(connection, "outbox_progress", PROGRESS);
        }
        if (mistake.isEmpty()) {
            mistake = PostgresSchema.mistakeIn(connection, "outbox_relay", RELAY);
        }
        if (mistake.isEmpty()) {
            mistake = PostgresSchema.mistakeIn(connection, "outbox_parked_key", PARKED_KEY);
        }
        if (mistake.isEmpty()) {
            mistake = PostgresSchema.mistakeIn(connection, "outbox_parked", PARKED);
        }
        if (mistake.isEmpty()) {
            mistake = mistakeInLog(connection);
        }
        if (mistake.isPresent()) {
            throw new OutboxException(mistake.get(), PostgresSchema.ACTION);
        }
    }

    private static Optional<String> mistakeInLog(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOG);
                ResultSet row = select.executeQuery()) {
            row.next();
            if (row.getLong("seqcache") != 1) {
                return Optional.of("Column outbox_event.position is not drawn from a sequence with CACHE 1.");
            }
            if (!row.getBoolean("draws_positions")) {
                return Optional.of(
                        "The service's role may not draw positions; GRANT it USAGE on sequence outbox_event_position.");
            }
            if (!"pg_current_xact_id()".equals(row.getString("tx_default"))) {
                return Optional.of("Column outbox_event.tx has not the default pg_current_xact_id().");
            }
            if (!row.getBoolean("notices_crashes")) {
                return Optional.of(
                        "Table outbox_incarnation is missing or not unlogged, so a crash of the server would not be noticed.");
            }
            if (row.getInt("parts") != LogParts.COUNT) {
                return Optional.of(
                        "Table outbox_event has not the %d partitions outbox_event_0, outbox_event_1 and so on."
                                .formatted(LogParts.COUNT));
            }
            if (row.getString("unlogged_part") != null) {
                return Optional.of(
                        "Table %s is unlogged, so a crash would empty it.".formatted(row.getString("unlogged_part")));
            }
            if (row.getString("closed_part") != null) {
                return Optional.of(
                        "The service's role may not write to the log's part %s; GRANT it INSERT on all of them."
                                .formatted(row.getString("closed_part")));
            }
            return row.getBoolean("tx_index")
                    ? Optional.empty()
                    : Optional.of("The index on outbox_event (tx, position) is missing.");
        }
    }
}
