package dev.freehold.outbox;

import dev.freehold.outbox.OutboxStore.Noted;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Who publishes the outbox in PostgreSQL, and how far: the lease in the database's time, with the progress beside it. */
final class PostgresProgress {

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
     * A window that begins with nothing and ends where publishing is, from the first position of that time on; if there is such
     * a window already, it begins earlier. The new
     * epoch makes the present owner begin anew, and its numbers are higher than any mark that a transport keeps.
     */
    private static final String REWIND = """
            WITH first AS (SELECT min(position) AS position FROM outbox_event WHERE created_at >= ?)
            UPDATE outbox_progress p
            SET epoch = p.epoch + 1, number = (p.epoch + 1) << 32, seen = '2:2:',
                reading = CASE WHEN again THEN p.reading ELSE p.seen END,
                position = CASE WHEN again THEN least(p.position, first.position - 1) ELSE first.position - 1 END
            FROM (SELECT first.position, CAST(seen AS text) = '2:2:' AND reading IS NOT NULL AS again
                  FROM first, outbox_progress WHERE shard = 0) first
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

    private final PostgresCalls calls;

    PostgresProgress(PostgresCalls calls) {
        this.calls = calls;
    }

    Optional<Lease> acquire(String owner, Duration duration) throws SQLException {
        calls.call(BEGIN_PROGRESS, PreparedStatement::executeUpdate);
        Optional<Taken> taken = take(owner, duration);
        if (taken.isPresent() && taken.get().isElsewhere()) {
            calls.call(connection -> {
                PostgresMove.into(taken.get().present(), connection);
                return true;
            });
            return take(owner, duration).map(Taken::lease);
        }
        return taken.map(Taken::lease);
    }

    private Optional<Taken> take(String owner, Duration duration) throws SQLException {
        long takenAt = System.nanoTime();
        return calls.call(ACQUIRE, update -> {
            update.setString(1, owner);
            update.setLong(2, duration.toMillis());
            update.setString(3, owner);
            ResultSet row = update.executeQuery();
            return row.next() ? Optional.of(taken(owner, takenAt, row)) : Optional.empty();
        });
    }

    private static Taken taken(String owner, long takenAt, ResultSet row) throws SQLException {
        String present = row.getString("present_cluster");
        String history = "%s/%s/%s".formatted(present, row.getString("timeline"), row.getString("log"));
        Lease lease = new Lease(owner, row.getLong("epoch"), history, progress(row), takenAt);
        return new Taken(lease, row.getString("cluster"), present);
    }

    /** A lease, the cluster that its progress is of, and the one that it is in. */
    private record Taken(Lease lease, String cluster, String present) {

        boolean isElsewhere() {
            return !cluster.equals(present);
        }
    }

    private static Progress progress(ResultSet row) throws SQLException {
        String reading = row.getString("reading");
        return new Progress(
                row.getLong("number"),
                new Snapshot(row.getString("seen")),
                reading == null ? null : new Snapshot(reading),
                row.getLong("position"));
    }

    Optional<Noted> save(Lease lease, Progress progress, Duration duration) throws SQLException {
        return calls.call(SAVE, update -> {
            bind(update, progress);
            update.setLong(5, duration.toMillis());
            update.setLong(6, lease.epoch());
            ResultSet row = PostgresCalls.resultOfSecond(update);
            return row.next() ? Optional.of(new Noted(row.getBoolean(1))) : Optional.empty();
        });
    }

    void release(Lease lease, Progress progress) throws SQLException {
        calls.call(RELEASE, update -> {
            bind(update, progress);
            update.setLong(5, lease.epoch());
            return update.executeUpdate();
        });
    }

    private static void bind(PreparedStatement update, Progress progress) throws SQLException {
        update.setLong(1, progress.number());
        update.setString(2, progress.seen().text());
        update.setString(
                3, progress.reading() == null ? null : progress.reading().text());
        update.setLong(4, progress.position());
    }

    long rewind(Instant time) throws SQLException {
        return calls.call(REWIND, update -> {
            update.setObject(1, time.atOffset(ZoneOffset.UTC));
            ResultSet row = update.executeQuery();
            return row.next() ? row.getLong(1) : 0L;
        });
    }

    Backlog backlog() throws SQLException {
        Progress noted = calls.call(PROGRESS, select -> {
            ResultSet row = select.executeQuery();
            return row.next() ? progress(row) : new Progress(0, new Snapshot("3:3:"), null, 0);
        });
        return calls.call(BACKLOG, select -> {
            Snapshot window = noted.reading();
            select.setString(1, noted.seen().next());
            select.setString(2, noted.seen().inProgress());
            select.setLong(3, window == null ? 0 : noted.position());
            select.setString(4, window == null ? noted.seen().text() : window.text());
            select.setInt(5, Backlog.MOST);
            ResultSet row = PostgresCalls.resultOfSecond(select);
            row.next();
            return new Backlog(
                    row.getLong("events"),
                    Duration.ofMillis(row.getLong("oldest_millis")),
                    row.getLong("parked_keys"),
                    row.getLong("parked_events"),
                    row.getLong("dead_letters"));
        });
    }
}
