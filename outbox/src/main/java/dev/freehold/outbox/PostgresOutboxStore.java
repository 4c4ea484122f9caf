package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The outbox in PostgreSQL: an insert-only log, read by the difference of two snapshots.
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
final class PostgresOutboxStore implements OutboxStore {

    private static final String APPEND = """
            INSERT INTO outbox_event
              (id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at, part)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String LOCK = "SELECT pg_advisory_xact_lock(k) FROM unnest(?) AS t (k)";

    /** The ids are known to be few, whatever the planner's statistics say; and "+ 0" keeps it off the primary key. */
    private static final String FIRST_PAGE = """
            SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true);
            SELECT t.position, t.id, t.aggregatetype, t.aggregateid, t.type, t.version, t.payload, t.traceparent,
                   t.created_at, t.found, CASE WHEN t.n = 1 THEN CAST(pg_current_snapshot() AS text) END AS reading
            FROM (SELECT e.*, row_number() OVER w AS n, count(*) OVER () AS found,
                         sum(octet_length(e.payload)) OVER w - octet_length(e.payload) AS bytes_before
                  FROM (SELECT position, id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at
                        FROM outbox_event
                        WHERE tx >= CAST(? AS xid8) OR tx = ANY (CAST(? AS xid8[]))
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
                         sum(octet_length(e.payload)) OVER w - octet_length(e.payload) AS bytes_before
                  FROM (SELECT position, id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at
                        FROM outbox_event
                        WHERE position > ?
                          AND NOT pg_visible_in_snapshot(tx, CAST(? AS pg_snapshot))
                          AND pg_visible_in_snapshot(tx, CAST(? AS pg_snapshot))
                        ORDER BY position
                        LIMIT ?) e
                  WINDOW w AS (ORDER BY e.position ROWS UNBOUNDED PRECEDING)) t
            WHERE t.bytes_before < ?
            ORDER BY t.position
            """;

    private static final String BEGIN_PROGRESS = """
            INSERT INTO outbox_progress (shard, cluster)
            SELECT 0, CAST(system_identifier AS text) FROM pg_control_system()
            ON CONFLICT (shard) DO NOTHING
            """;

    private static final String ACQUIRE = """
            UPDATE outbox_progress
            SET owner = ?, epoch = epoch + 1, leased_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE shard = 0 AND (leased_until <= clock_timestamp() OR owner = ?)
            RETURNING epoch, number, CAST(seen AS text) AS seen, CAST(reading AS text) AS reading, position, cluster,
                      (SELECT CAST(system_identifier AS text) FROM pg_control_system()) AS present_cluster,
                      substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) AS timeline,
                      CAST(CAST('outbox_event' AS regclass) AS oid) AS log
            """;

    /** Not waiting for the disk is safe here: a progress lost in a crash of the server means sending some events again. */
    private static final String SAVE = """
            SELECT set_config('synchronous_commit', 'off', true);
            UPDATE outbox_progress
            SET number = ?, seen = CAST(? AS pg_snapshot), reading = CAST(? AS pg_snapshot), position = ?,
                leased_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE shard = 0 AND epoch = ?
            RETURNING EXISTS (SELECT FROM outbox_parked_key)
            """;

    private static final String RELEASE = """
            UPDATE outbox_progress
            SET number = ?, seen = CAST(? AS pg_snapshot), reading = CAST(? AS pg_snapshot), position = ?,
                leased_until = clock_timestamp(), owner = NULL
            WHERE shard = 0 AND epoch = ?
            """;

    private static final String PROGRESS = """
            SELECT number, CAST(seen AS text) AS seen, CAST(reading AS text) AS reading, position
            FROM outbox_progress WHERE shard = 0
            """;

    /**
     * A window that begins with nothing and ends where publishing is, from the first position of that time on. The new
     * epoch makes the present owner begin anew, and its numbers are higher than any mark that a transport keeps.
     */
    private static final String REWIND = """
            WITH first AS (SELECT min(position) AS position FROM outbox_event WHERE created_at >= ?)
            UPDATE outbox_progress p
            SET epoch = p.epoch + 1, number = (p.epoch + 1) << 32, reading = p.seen, seen = '3:3:',
                position = first.position - 1
            FROM first
            WHERE p.shard = 0 AND first.position IS NOT NULL
            RETURNING (SELECT count(*) FROM outbox_event e
                       WHERE e.position >= first.position AND pg_visible_in_snapshot(e.tx, p.reading))
            """;

    private static final String BACKLOG = """
            SELECT set_config('enable_seqscan', 'off', true);
            SELECT t.events, t.oldest_millis,
                   (SELECT count(*) FROM outbox_parked_key) AS parked_keys,
                   (SELECT count(*) FROM outbox_parked WHERE NOT dead) AS parked_events,
                   (SELECT count(*) FROM outbox_parked WHERE dead) AS dead_letters
            FROM (SELECT count(*) AS events,
                         greatest(0, CAST(extract(epoch FROM clock_timestamp() - min(e.created_at)) * 1000 AS bigint))
                           AS oldest_millis
                  FROM (SELECT created_at FROM outbox_event
                        WHERE (tx >= CAST(? AS xid8) OR tx = ANY (CAST(? AS xid8[])))
                          AND NOT (position <= ? AND pg_visible_in_snapshot(tx, CAST(? AS pg_snapshot)))
                        LIMIT ?) e) t
            """;

    private final DataSource dataSource;
    private final LogParts parts;
    private final ParkedStore parked;

    PostgresOutboxStore(DataSource dataSource) {
        this(dataSource, new LogParts(LogParts.DEFAULT_RETENTION));
    }

    PostgresOutboxStore(DataSource dataSource, LogParts parts) {
        this.dataSource = dataSource;
        this.parts = parts;
        this.parked = new PostgresParkedStore(dataSource);
    }

    @Override
    public void check() throws SQLException {
        call(connection -> {
            OutboxTables.check(connection);
            return true;
        });
    }

    @Override
    public void append(Connection connection, List<StoredEvent> events, List<Long> locks) throws SQLException {
        if (!locks.isEmpty()) {
            try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
                lock.setArray(1, connection.createArrayOf("bigint", locks.toArray()));
                lock.execute();
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(APPEND)) {
            for (StoredEvent event : events) {
                bind(insert, event);
                insert.setInt(9, parts.at(event.time()));
                insert.addBatch();
            }
            int[] counts = insert.executeBatch();
            if (Arrays.stream(counts).anyMatch(count -> count == 0)) {
                throw new OutboxException(
                        "The database stored fewer events than the transaction has.",
                        "Take triggers and rules off outbox_event: it is a log, and every event belongs into it.");
            }
        }
    }

    private static void bind(PreparedStatement insert, StoredEvent event) throws SQLException {
        insert.setObject(1, event.id());
        insert.setString(2, event.topic());
        insert.setString(3, event.key());
        insert.setString(4, event.type());
        insert.setInt(5, event.version());
        insert.setBytes(6, event.payload());
        insert.setString(7, event.traceparent());
        insert.setObject(8, event.time().atOffset(ZoneOffset.UTC));
    }

    @Override
    public Page read(Progress from, int events, int bytes) throws SQLException {
        return from.reading() == null ? firstPage(from, events, bytes) : nextPage(from, from.reading(), events, bytes);
    }

    private Page firstPage(Progress from, int events, int bytes) throws SQLException {
        return call(FIRST_PAGE, select -> {
            select.setString(1, from.seen().next());
            select.setString(2, from.seen().inProgress());
            select.setInt(3, events + 1);
            select.setInt(4, bytes);
            Rows read = Rows.of(resultOfSecond(select), events);
            return read.events().isEmpty()
                    ? new Page(List.of(), new long[0], from, false)
                    : read.page(from, new Snapshot(read.snapshot()));
        });
    }

    private Page nextPage(Progress from, Snapshot window, int events, int bytes) throws SQLException {
        return call(NEXT_PAGE, select -> {
            select.setLong(1, from.position());
            select.setString(2, from.seen().text());
            select.setString(3, window.text());
            select.setInt(4, events + 1);
            select.setInt(5, bytes);
            return Rows.of(resultOfSecond(select), events).page(from, window);
        });
    }

    private static ResultSet resultOfSecond(PreparedStatement statement) throws SQLException {
        statement.execute();
        statement.getMoreResults();
        return statement.getResultSet();
    }

    @Override
    public Optional<Lease> acquire(String owner, Duration duration) throws SQLException {
        call(BEGIN_PROGRESS, PreparedStatement::executeUpdate);
        long takenAt = System.nanoTime();
        return call(ACQUIRE, update -> {
            update.setString(1, owner);
            update.setLong(2, duration.toMillis());
            update.setString(3, owner);
            ResultSet row = update.executeQuery();
            return row.next() ? Optional.of(lease(owner, takenAt, row)) : Optional.empty();
        });
    }

    private static Lease lease(String owner, long takenAt, ResultSet row) throws SQLException {
        String cluster = row.getString("cluster");
        String present = row.getString("present_cluster");
        if (!cluster.equals(present)) {
            throw new OutboxException(
                    "The outbox is in another PostgreSQL cluster now (%s, was %s), where its progress may say nothing."
                            .formatted(present, cluster),
                    ("After pg_upgrade it still holds: UPDATE outbox_progress SET cluster = '%s'. After a restore from a dump"
                                    + " it does not: delete the events that are not to be sent again from outbox_event, and"
                                    + " the row of outbox_progress; the rest is sent.")
                            .formatted(present));
        }
        String history = "%s/%s/%s".formatted(present, row.getString("timeline"), row.getString("log"));
        return new Lease(owner, row.getLong("epoch"), history, progress(row), takenAt);
    }

    private static Progress progress(ResultSet row) throws SQLException {
        String reading = row.getString("reading");
        return new Progress(
                row.getLong("number"),
                new Snapshot(row.getString("seen")),
                reading == null ? null : new Snapshot(reading),
                row.getLong("position"));
    }

    @Override
    public Optional<Noted> save(Lease lease, Progress progress, Duration duration) throws SQLException {
        return call(SAVE, update -> {
            bind(update, progress);
            update.setLong(5, duration.toMillis());
            update.setLong(6, lease.epoch());
            ResultSet row = resultOfSecond(update);
            return row.next() ? Optional.of(new Noted(row.getBoolean(1))) : Optional.empty();
        });
    }

    @Override
    public void release(Lease lease, Progress progress) throws SQLException {
        call(RELEASE, update -> {
            bind(update, progress);
            update.setLong(5, lease.epoch());
            return update.executeUpdate();
        });
    }

    @Override
    public long rewind(Instant time) throws SQLException {
        return call(REWIND, update -> {
            update.setObject(1, time.atOffset(ZoneOffset.UTC));
            ResultSet row = update.executeQuery();
            return row.next() ? row.getLong(1) : 0L;
        });
    }

    @Override
    public Backlog backlog() throws SQLException {
        Progress noted = call(PROGRESS, select -> {
            ResultSet row = select.executeQuery();
            return row.next() ? progress(row) : new Progress(0, new Snapshot("3:3:"), null, 0);
        });
        return call(BACKLOG, select -> {
            Snapshot window = noted.reading();
            select.setString(1, noted.seen().next());
            select.setString(2, noted.seen().inProgress());
            select.setLong(3, window == null ? 0 : noted.position());
            select.setString(4, window == null ? noted.seen().text() : window.text());
            select.setInt(5, Backlog.MOST);
            ResultSet row = resultOfSecond(select);
            row.next();
            return new Backlog(
                    row.getLong("events"),
                    Duration.ofMillis(row.getLong("oldest_millis")),
                    row.getLong("parked_keys"),
                    row.getLong("parked_events"),
                    row.getLong("dead_letters"));
        });
    }

    @Override
    public ParkedStore parked() {
        return parked;
    }

    @Override
    public int emptyOldParts(Duration retention) throws SQLException {
        return PostgresLogParts.emptyOld(dataSource, retention);
    }

    private <T> T call(String sql, Work<PreparedStatement, T> work) throws SQLException {
        return call(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.apply(statement);
            }
        });
    }

    /** A transaction of its own, also where the pool hands out connections without auto-commit. */
    private <T> T call(Work<Connection, T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            T result = work.apply(connection);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return result;
        }
    }

    @FunctionalInterface
    private interface Work<S, T> {
        T apply(S subject) throws SQLException;
    }

    private static void bind(PreparedStatement update, Progress progress) throws SQLException {
        update.setLong(1, progress.number());
        update.setString(2, progress.seen().text());
        update.setString(
                3, progress.reading() == null ? null : progress.reading().text());
        update.setLong(4, progress.position());
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

        Page page(Progress from, Snapshot window) {
            long position = events.isEmpty() ? from.position() : positions[events.size() - 1];
            Progress next = all ? from.after(window, position) : from.within(window, position);
            return new Page(events, positions, next, !all);
        }
    }
}
