package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compares the tables in the connection's schema with what this version needs, so that a mistake shows at start. */
final class PostgresSchemaCheck {

    private static final String SCRIPT = "dev/freehold/outbox/schema-postgresql.sql";

    private static final Map<String, String> NEEDED = needed();

    private static final String COLUMNS = """
            SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.oid IN (to_regclass('outbox_event'), to_regclass('outbox_progress'),
                            to_regclass('inbox_message'), to_regclass('inbox_parked'))
              AND a.attnum > 0 AND NOT a.attisdropped
            """;

    private static final String LOG = """
            SELECT s.seqcache,
                   (SELECT attnum FROM pg_attribute WHERE attrelid = e.oid AND attname = 'tx')
                     < (SELECT attnum FROM pg_attribute WHERE attrelid = e.oid AND attname = 'position') AS tx_first,
                   (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a
                      ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                    WHERE d.adrelid = e.oid AND a.attname = 'tx') AS tx_default,
                   EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                           WHERE i.indrelid = e.oid AND i.indisvalid AND a.attname = 'tx') AS tx_index
            FROM pg_class e
            LEFT JOIN pg_sequence s
              ON s.seqrelid = to_regclass(pg_get_serial_sequence(CAST(CAST(e.oid AS regclass) AS text), 'position'))
            WHERE e.oid = to_regclass('outbox_event')
            """;

    private PostgresSchemaCheck() {}

    static void check(Connection connection) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.put(rows.getString("name"), rows.getString("type"));
            }
        }
        NEEDED.forEach((column, type) -> {
            String table = column.substring(0, column.indexOf('.'));
            if (found.keySet().stream().noneMatch(name -> name.startsWith(table + "."))) {
                throw wrong("Table %s is missing.".formatted(table));
            }
            if (!type.equals(found.get(column))) {
                throw wrong("Column %s is %s, not %s.".formatted(column, found.getOrDefault(column, "missing"), type));
            }
        });
        checkLog(connection);
    }

    private static void checkLog(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOG);
                ResultSet row = select.executeQuery()) {
            row.next();
            if (row.getLong("seqcache") != 1) {
                throw wrong("Column outbox_event.position is not drawn from a sequence with CACHE 1.");
            }
            if (!"pg_current_xact_id()".equals(row.getString("tx_default"))) {
                throw wrong("Column outbox_event.tx has not the default pg_current_xact_id().");
            }
            if (!row.getBoolean("tx_first")) {
                throw wrong("Column outbox_event.tx does not stand before position.");
            }
            if (!row.getBoolean("tx_index")) {
                throw wrong("The index on outbox_event (tx, position) is missing.");
            }
        }
    }

    private static OutboxException wrong(String what) {
        return new OutboxException(
                what,
                "Add the statements of classpath:%s to your migrations; or, for development, set freehold.outbox.initialize-schema=always."
                        .formatted(SCRIPT));
    }

    private static Map<String, String> needed() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("outbox_event.tx", "xid8");
        columns.put("outbox_event.position", "bigint");
        columns.put("outbox_event.id", "uuid");
        columns.put("outbox_event.aggregatetype", "character varying(249)");
        columns.put("outbox_event.aggregateid", "character varying(255)");
        columns.put("outbox_event.type", "character varying(255)");
        columns.put("outbox_event.version", "integer");
        columns.put("outbox_event.payload", "bytea");
        columns.put("outbox_event.traceparent", "character varying(64)");
        columns.put("outbox_event.created_at", "timestamp with time zone");
        columns.put("outbox_progress.shard", "integer");
        columns.put("outbox_progress.epoch", "bigint");
        columns.put("outbox_progress.owner", "character varying(255)");
        columns.put("outbox_progress.leased_until", "timestamp with time zone");
        columns.put("outbox_progress.seen", "pg_snapshot");
        columns.put("outbox_progress.reading", "pg_snapshot");
        columns.put("outbox_progress.position", "bigint");
        columns.put("outbox_progress.cluster", "character varying(32)");
        return columns;
    }
}
