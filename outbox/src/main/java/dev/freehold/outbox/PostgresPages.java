package dev.freehold.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log in PostgreSQL by the difference of two snapshots.
 *
 * <ol>
 *   <li>Every row carries the id of the transaction that wrote it, and a position from a sequence.
 *   <li>A <em>window</em> holds what the snapshot {@code reading} sees and the snapshot {@code seen} did not. Reading
 *       windows one after the other, each beginning where the last one ended, meets every committed row exactly once:
 *       no row is missed because its transaction began early and committed late, and no open transaction is waited for.
 *   <li>Within a window rows are read by position. A key's positions are in the order of its commits, because they are
 *       drawn while the transaction holds the lock that keeps the key's writers apart.
 *   <li>The first page of a window finds its rows through the index on the transaction id, and takes the window's end
 *       from its own statement's snapshot. If a window has more than a page, the others go along the primary key and
 *       ask both snapshots about each row, so a large window is never read twice or sorted as a whole.
 * </ol>
 *
 * <p>Snapshot differences are the idea of PgQ's ticks (Skype, 2006).
 */
final class PostgresPages {

    /** The ids are known to be few, whatever the planner's statistics say; and "+ 0" keeps it off the primary key. */
    private static final String FIRST_PAGE = """
            SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)%1$s;
            SELECT t.position, t.id, t.aggregatetype, t.aggregateid, t.type, t.version, t.payload, t.traceparent,
                   t.created_at, t.found, CASE WHEN t.n = 1 THEN CAST(pg_current_snapshot() AS text) END AS reading
            FROM (SELECT e.*, row_number() OVER w AS n, count(*) OVER () AS found,
                         sum(e.bytes) OVER w - e.bytes AS bytes_before
                  FROM (SELECT position, id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at,
                               coalesce(octet_length(payload), 0) AS bytes
                        FROM outbox_event
                        WHERE (tx >= CAST(? AS xid8) OR tx = ANY (CAST(? AS xid8[])))%2$s
                        ORDER BY position + 0
                        LIMIT ?) e
                  WINDOW w AS (ORDER BY e.position ROWS UNBOUNDED PRECEDING)) t
            WHERE t.bytes_before < ?
            ORDER BY t.position
            """;

    private static final String NEXT_PAGE = """
            SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true);
            SELECT t.position, t.id, t.aggregatetype, t.aggregateid, t.type, t.version, t.payload, t.traceparent,
                   t.created_at, t.found
            FROM (SELECT e.*, count(*) OVER () AS found,
                         sum(e.bytes) OVER w - e.bytes AS bytes_before
                  FROM (SELECT position, id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at,
                               coalesce(octet_length(payload), 0) AS bytes
                        FROM outbox_event
                        WHERE position > ?
                          AND NOT pg_visible_in_snapshot(tx, CAST(? AS pg_snapshot))
                          AND pg_visible_in_snapshot(tx, CAST(? AS pg_snapshot))%s
                        ORDER BY position
                        LIMIT ?) e
                  WINDOW w AS (ORDER BY e.position ROWS UNBOUNDED PRECEDING)) t
            WHERE t.bytes_before < ?
            ORDER BY t.position
            """;

    private static final String PRESENT = ", CAST(pg_current_snapshot() AS text) AS present";

    /** The numbers are in the text, so that they are known when the statement is planned. */
    private static final String IN_SHARD = " AND %s = %d";

    private static final String FIRST_UNSEEN = """
            SELECT min(position) AS position FROM outbox_event
            WHERE tx >= CAST(? AS xid8) OR tx = ANY (CAST(? AS xid8[]))
            """;

    private static final String SINCE = """
            SELECT min(position) AS position, CAST(pg_current_snapshot() AS text) AS present
            FROM outbox_event WHERE created_at >= ?
            """;

    private final PostgresCalls calls;

    PostgresPages(PostgresCalls calls) {
        this.calls = calls;
    }

    Page read(Shard shard, LogProgress from, PageLimit limit) throws SQLException {
        if (from.reading() != null) {
            return nextPage(shard, from, from.reading(), limit);
        }
        return limit.until() == null ? firstPage(shard, from, limit) : upTo(limit.until(), from);
    }

    /** Begins the window that ends there: what there is may be nothing for the shard, which costs a page without events. */
    private Page upTo(String until, LogProgress from) throws SQLException {
        Snapshot end = new Snapshot(until);
        return calls.call(FIRST_UNSEEN, select -> {
            select.setString(1, from.seen().next());
            select.setString(2, from.seen().inProgress());
            ResultSet row = select.executeQuery();
            row.next();
            long first = row.getLong("position");
            return Page.empty(row.wasNull() ? from.after(end, from.position()) : from.within(end, first - 1));
        });
    }

    private static String inShard(Shard shard) {
        return shard.isWhole()
                ? ""
                : IN_SHARD.formatted(PostgresShards.shardOf("aggregateid", shard.of()), shard.number());
    }

    Optional<Progress> since(Instant time) throws SQLException {
        return calls.call(SINCE, select -> {
            select.setObject(1, time.atOffset(ZoneOffset.UTC));
            ResultSet row = select.executeQuery();
            row.next();
            long first = row.getLong("position");
            return row.wasNull()
                    ? Optional.empty()
                    : Optional.of(
                            new LogProgress(0, Snapshot.NOTHING, new Snapshot(row.getString("present")), first - 1));
        });
    }

    /**
     * Where there are several shards, a shard without events moves on all the same, or it would look through those of the
     * others again and again: to a snapshot that was taken before the read.
     */
    private Page firstPage(Shard shard, LogProgress from, PageLimit limit) throws SQLException {
        String sql = FIRST_PAGE.formatted(shard.isWhole() ? "" : PRESENT, inShard(shard));
        return calls.call(sql, select -> {
            select.setString(1, from.seen().next());
            select.setString(2, from.seen().inProgress());
            select.setInt(3, limit.events() + 1);
            select.setInt(4, limit.bytes());
            select.execute();
            LogProgress idle = shard.isWhole() ? from : from.idleUntil(present(select.getResultSet()));
            select.getMoreResults();
            Rows read = Rows.of(select.getResultSet(), limit.events());
            return read.events().isEmpty() ? Page.empty(idle) : read.page(from, new Snapshot(read.snapshot()));
        });
    }

    private static Snapshot present(ResultSet row) throws SQLException {
        row.next();
        return new Snapshot(row.getString("present"));
    }

    private Page nextPage(Shard shard, LogProgress from, Snapshot window, PageLimit limit) throws SQLException {
        return calls.call(NEXT_PAGE.formatted(inShard(shard)), select -> {
            select.setLong(1, from.position());
            select.setString(2, from.seen().text());
            select.setString(3, window.text());
            select.setInt(4, limit.events() + 1);
            select.setInt(5, limit.bytes());
            return Rows.of(PostgresCalls.resultOfSecond(select), limit.events()).page(from, window);
        });
    }

    /** Rows of one page, and whether they are all that there are. */
    private record Rows(
            List<StoredEvent> events,
            long[] positions,
            boolean all,
            @Nullable String first) {

        static Rows of(ResultSet rows, int limit) throws SQLException {
            List<StoredEvent> events = new ArrayList<>();
            String snapshot = null;
            long[] positions = new long[limit];
            long found = 0;
            boolean windowBegins = rows.getMetaData().getColumnCount() == 11;
            while (rows.next() && events.size() < limit) {
                if (events.isEmpty()) {
                    found = rows.getLong(10);
                    snapshot = windowBegins ? rows.getString(11) : null;
                }
                positions[events.size()] = rows.getLong(1);
                events.add(event(rows));
            }
            return new Rows(events, positions, found == events.size(), snapshot);
        }

        private static StoredEvent event(ResultSet row) throws SQLException {
            return new StoredEvent(
                    row.getObject(2, UUID.class),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getInt(6),
                    row.getBytes(7),
                    row.getString(8),
                    row.getObject(9, OffsetDateTime.class).toInstant());
        }

        String snapshot() {
            if (first == null) {
                throw new IllegalStateException("the first row of a window carries its snapshot");
            }
            return first;
        }

        Page page(LogProgress from, Snapshot window) {
            long position = events.isEmpty() ? from.position() : positions[events.size() - 1];
            LogProgress next = all ? from.after(window, position) : from.within(window, position);
            return new Page(events, positions, next, !all);
        }
    }
}
