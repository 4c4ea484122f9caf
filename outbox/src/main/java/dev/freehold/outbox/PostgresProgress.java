package dev.freehold.outbox;

import dev.freehold.outbox.OutboxStore.Noted;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who publishes the outbox in PostgreSQL, and how far: the lease in the database's time, with the progress beside it. */
final class PostgresProgress {

    /**
     * The table is unlogged, so a crash of the server empties it. Transactions that had not reached the disk are gone then, and
     * their ids are given again: a snapshot from before says nothing of them.
     */
    private static final String INCARNATE = """
            INSERT INTO outbox_incarnation (id) VALUES (gen_random_uuid()) ON CONFLICT DO NOTHING
            """;

    private static final String SAME_INCARNATION =
            " AND EXISTS (SELECT FROM outbox_incarnation WHERE id = CAST(? AS uuid))\n";

    private static final String ACQUIRE = """
            UPDATE outbox_progress
            SET owner = ?, epoch = epoch + 1, leased_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE shard = ? AND phase <> 'DONE' AND (leased_until <= clock_timestamp() OR owner = ?)
            RETURNING shard, shards, epoch, number, CAST(seen AS text) AS seen, CAST(reading AS text) AS reading, position,
                      phase, CAST(until AS text) AS until, cluster,
                      (SELECT CAST(system_identifier AS text) FROM pg_control_system()) AS present_cluster,
                      substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) AS timeline,
                      CAST(CAST('outbox_event' AS regclass) AS oid) AS log,
                      (SELECT CAST(id AS text) FROM outbox_incarnation) AS incarnation
            """;

    /** Not waiting for the disk is safe here: a progress lost in a crash of the server means sending some events again. */
    private static final String SAVE = """
            SELECT set_config('synchronous_commit', 'off', true);
            UPDATE outbox_progress
            SET number = ?, seen = CAST(? AS pg_snapshot), reading = CAST(? AS pg_snapshot), position = ?,
                leased_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE shard = ? AND epoch = ?%s
            RETURNING EXISTS (SELECT FROM outbox_parked_key) AS has_parked_keys, phase, CAST(until AS text) AS until
            """.formatted(SAME_INCARNATION);

    private static final String COMPLETE = """
            UPDATE outbox_progress
            SET phase = CASE phase WHEN 'CLOSING' THEN 'CLOSED' WHEN 'LAST' THEN 'DONE' ELSE phase END
            WHERE shard = ? AND epoch = ?%s
            RETURNING phase, CAST(until AS text) AS until
            """.formatted(SAME_INCARNATION);

    private static final String RELEASE = """
            UPDATE outbox_progress
            SET number = ?, seen = CAST(? AS pg_snapshot), reading = CAST(? AS pg_snapshot), position = ?,
                leased_until = clock_timestamp(), owner = NULL
            WHERE shard = ? AND epoch = ?%s
            """.formatted(SAME_INCARNATION);

    private static final String PROGRESS = """
            SELECT shard, shards, number, CAST(seen AS text) AS seen, CAST(reading AS text) AS reading, position
            FROM outbox_progress
            """;

    /**
     * A window that begins with nothing and ends where publishing is, from the first position of that time on; if there is such
     * a window already, it begins earlier. The new epoch makes the present owner begin anew, and its numbers are higher than
     * any mark that a transport keeps. A shard that is done is not any more.
     */
    private static final String REWIND =
            PostgresShards.LOCK + """
            WITH first AS (SELECT min(position) AS position FROM outbox_event WHERE created_at >= ?)
            UPDATE outbox_progress p
            SET epoch = p.epoch + 1, number = (p.epoch + 1) << 32, seen = '2:2:',
                reading = CASE WHEN CAST(p.seen AS text) = '2:2:' AND p.reading IS NOT NULL THEN p.reading ELSE p.seen END,
                position = CASE WHEN CAST(p.seen AS text) = '2:2:' AND p.reading IS NOT NULL
                                THEN least(p.position, first.position - 1) ELSE first.position - 1 END,
                phase = CASE p.phase WHEN 'DONE' THEN 'LAST' ELSE p.phase END
            FROM first
            WHERE first.position IS NOT NULL
            RETURNING (SELECT count(*) FROM outbox_event e
                       WHERE e.position >= first.position AND pg_visible_in_snapshot(e.tx, p.reading)
                         AND %s = p.shard) AS events
            """.formatted(PostgresShards.shardOf("e.aggregateid", "p.shards"));

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
                          AND %s = ?
                          AND NOT (position <= ? AND pg_visible_in_snapshot(tx, CAST(? AS pg_snapshot)))
                        LIMIT ?) e) t
            """.formatted(PostgresShards.shardOf("aggregateid", "?"));

    private final PostgresCalls calls;

    PostgresProgress(PostgresCalls calls) {
        this.calls = calls;
    }

    Optional<Lease> acquire(String owner, int shard, Duration duration) throws SQLException {
        Optional<Taken> taken = take(owner, shard, duration);
        if (taken.isPresent() && taken.get().isElsewhere()) {
            calls.call(connection -> {
                PostgresMove.into(taken.get().present(), connection);
                return true;
            });
            return take(owner, shard, duration).map(Taken::lease);
        }
        return taken.map(Taken::lease);
    }

    private Optional<Taken> take(String owner, int shard, Duration duration) throws SQLException {
        long takenAt = System.nanoTime();
        calls.call(INCARNATE, PreparedStatement::executeUpdate);
        return calls.call(ACQUIRE, update -> {
            update.setString(1, owner);
            update.setLong(2, duration.toMillis());
            update.setInt(3, shard);
            update.setString(4, owner);
            ResultSet row = update.executeQuery();
            return row.next() ? Optional.of(taken(owner, takenAt, row)) : Optional.empty();
        });
    }

    private static Taken taken(String owner, long takenAt, ResultSet row) throws SQLException {
        String present = row.getString("present_cluster");
        String history = String.join(
                "/", present, row.getString("timeline"), row.getString("log"), row.getString("incarnation"));
        Lease lease = new Lease(owner, shard(row), row.getLong("epoch"), history, progress(row), stage(row), takenAt);
        return new Taken(lease, row.getString("cluster"), present);
    }

    /** A lease, the cluster that its progress is of, and the one that it is in. */
    private record Taken(Lease lease, String cluster, String present) {

        boolean isElsewhere() {
            return !cluster.equals(present);
        }
    }

    private static Shard shard(ResultSet row) throws SQLException {
        return new Shard(row.getInt("shard"), row.getInt("shards"));
    }

    static Stage stage(ResultSet row) throws SQLException {
        return new Stage(Stage.Phase.valueOf(row.getString("phase")), row.getString("until"));
    }

    private static LogProgress progress(ResultSet row) throws SQLException {
        String reading = row.getString("reading");
        return new LogProgress(
                row.getLong("number"),
                new Snapshot(row.getString("seen")),
                reading == null ? null : new Snapshot(reading),
                row.getLong("position"));
    }

    Optional<Noted> save(Lease lease, LogProgress progress, Duration duration) throws SQLException {
        return calls.call(SAVE, update -> {
            bind(update, progress);
            update.setLong(5, duration.toMillis());
            update.setInt(6, lease.shard().number());
            update.setLong(7, lease.epoch());
            update.setString(8, lease.incarnation());
            ResultSet row = PostgresCalls.resultOfSecond(update);
            return row.next()
                    ? Optional.of(new Noted(row.getBoolean("has_parked_keys"), stage(row)))
                    : Optional.empty();
        });
    }

    Optional<Stage> complete(Lease lease) throws SQLException {
        return calls.call(COMPLETE, update -> {
            update.setInt(1, lease.shard().number());
            update.setLong(2, lease.epoch());
            update.setString(3, lease.incarnation());
            ResultSet row = update.executeQuery();
            return row.next() ? Optional.of(stage(row)) : Optional.empty();
        });
    }

    void release(Lease lease, LogProgress progress) throws SQLException {
        calls.call(RELEASE, update -> {
            bind(update, progress);
            update.setInt(5, lease.shard().number());
            update.setLong(6, lease.epoch());
            update.setString(7, lease.incarnation());
            return update.executeUpdate();
        });
    }

    private static void bind(PreparedStatement update, LogProgress progress) throws SQLException {
        update.setLong(1, progress.number());
        update.setString(2, progress.seen().text());
        update.setString(
                3, progress.reading() == null ? null : progress.reading().text());
        update.setLong(4, progress.position());
    }

    long rewind(Instant time) throws SQLException {
        return calls.call(REWIND, update -> {
            update.setObject(1, time.atOffset(ZoneOffset.UTC));
            ResultSet row = PostgresCalls.resultOfSecond(update);
            long events = 0;
            while (row.next()) {
                events += row.getLong("events");
            }
            return events;
        });
    }

    Backlog backlog() throws SQLException {
        Map<Shard, LogProgress> noted = calls.call(PROGRESS, select -> {
            Map<Shard, LogProgress> found = new HashMap<>();
            ResultSet row = select.executeQuery();
            while (row.next()) {
                found.put(shard(row), progress(row));
            }
            return found;
        });
        if (noted.isEmpty()) {
            return backlog(Shard.WHOLE, new LogProgress(0, Snapshot.NOTHING, null, 0));
        }
        Backlog all = new Backlog(0, Duration.ZERO, 0, 0, 0);
        for (Map.Entry<Shard, LogProgress> shard : noted.entrySet()) {
            all = all.with(backlog(shard.getKey(), shard.getValue()));
        }
        return all;
    }

    private Backlog backlog(Shard shard, LogProgress noted) throws SQLException {
        return calls.call(BACKLOG, select -> {
            Snapshot window = noted.reading();
            select.setString(1, noted.seen().next());
            select.setString(2, noted.seen().inProgress());
            select.setInt(3, shard.of());
            select.setInt(4, shard.number());
            select.setLong(5, window == null ? 0 : noted.position());
            select.setString(6, window == null ? noted.seen().text() : window.text());
            select.setInt(7, Backlog.MOST);
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
