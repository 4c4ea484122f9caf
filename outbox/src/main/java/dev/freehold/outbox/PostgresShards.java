package dev.freehold.outbox;

import dev.freehold.outbox.Shares.Seat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The shards of an outbox in PostgreSQL: a row of {@code outbox_progress} each, changed all together under one lock.
 *
 * <p>A key's shard is told by the hash that PostgreSQL's hash partitions go by, which stays the same over its versions.
 */
final class PostgresShards implements ShardStore {

    /** The shard of a key: its column, and how many shards there are. */
    private static final String SHARD_OF = "mod(hashtextextended(%s, 0) & 9223372036854775807, %s)";

    /** Held by whoever changes several rows of the progress; the number is drawn at random. */
    static final String LOCK = "SELECT pg_advisory_xact_lock(5816373270714562397);\n";

    private static final String LOOK = """
            SELECT p.shard, p.wanted, p.phase, CAST(p.until AS text) AS until, coalesce(p.owner = ?, false) AS own,
                   ceil(greatest(-1, extract(epoch FROM p.leased_until - clock_timestamp())) * 1000)::bigint AS left_millis,
                   p.leased_until <= clock_timestamp() - ? * interval '1 millisecond' AS long_free,
                   r.others, r.before
            FROM outbox_progress p
            CROSS JOIN (SELECT count(*) AS others, count(*) FILTER (WHERE owner < ?) AS before FROM outbox_relay
                        WHERE alive_until > clock_timestamp() AND owner <> ?) r
            ORDER BY p.shard
            """;

    private static final String BEGIN = LOCK + """
            INSERT INTO outbox_progress (shard, wanted, shards, cluster)
            SELECT n, c, c, CAST(system_identifier AS text)
            FROM pg_control_system(), (SELECT CAST(? AS integer) AS c) t, generate_series(0, c - 1) n
            WHERE NOT EXISTS (SELECT FROM outbox_progress)
            """;

    private static final String WANT = LOCK + "UPDATE outbox_progress SET wanted = ?";

    private static final String CLOSE = LOCK + """
            UPDATE outbox_progress SET phase = 'CLOSING'
            WHERE (SELECT bool_and(phase = 'OPEN' AND wanted <> shards) FROM outbox_progress)
            """;

    /** The snapshot is the statement's own, so it sees what the owners saw before they closed. */
    private static final String FINISH = LOCK + """
            UPDATE outbox_progress SET phase = 'LAST', until = pg_current_snapshot()
            WHERE (SELECT bool_and(phase = 'CLOSED') FROM outbox_progress)
            """;

    /** With epochs and numbers higher than any before, so that no mark that a transport keeps is taken for a new one. */
    private static final String REPLACE = LOCK + """
            WITH old AS (
                DELETE FROM outbox_progress
                WHERE (SELECT bool_and(phase = 'DONE') FROM outbox_progress)
                RETURNING *)
            INSERT INTO outbox_progress (shard, shards, wanted, epoch, number, seen, cluster)
            SELECT n, t.wanted, t.wanted, t.epoch, t.epoch << 32, t.until, t.cluster
            FROM (SELECT min(wanted) AS wanted, max(epoch) + 1 AS epoch, CAST(min(CAST(until AS text)) AS pg_snapshot) AS until,
                         min(cluster) AS cluster
                  FROM old) t,
                 generate_series(0, t.wanted - 1) n
            """;

    private static final String ATTEND = """
            WITH gone AS (DELETE FROM outbox_relay WHERE alive_until < clock_timestamp() - interval '1 minute')
            INSERT INTO outbox_relay (owner, alive_until) VALUES (?, clock_timestamp() + ? * interval '1 millisecond')
            ON CONFLICT (owner) DO UPDATE SET alive_until = excluded.alive_until
            """;

    private static final String LEAVE = "DELETE FROM outbox_relay WHERE owner = ?";

    private final PostgresCalls calls;

    PostgresShards(PostgresCalls calls) {
        this.calls = calls;
    }

    /** SQL that tells the shard of a key. */
    static String shardOf(String key, Object shards) {
        return SHARD_OF.formatted(key, shards);
    }

    @Override
    public Shares look(String owner, int first, Duration lease) throws SQLException {
        Shares present = look(owner, lease);
        if (!present.seats().isEmpty()) {
            return present;
        }
        calls.call(BEGIN, begin -> {
            begin.setInt(1, first);
            return begin.execute();
        });
        return look(owner, lease);
    }

    private Shares look(String owner, Duration lease) throws SQLException {
        return calls.call(LOOK, select -> {
            select.setString(1, owner);
            select.setLong(2, lease.toMillis());
            select.setString(3, owner);
            select.setString(4, owner);
            ResultSet row = select.executeQuery();
            List<Seat> seats = new ArrayList<>();
            int wanted = 0;
            int others = 0;
            int rank = 0;
            while (row.next()) {
                wanted = row.getInt("wanted");
                others = row.getInt("others");
                rank = row.getInt("before");
                seats.add(new Seat(
                        row.getInt("shard"),
                        PostgresProgress.stage(row),
                        row.getBoolean("own"),
                        Duration.ofMillis(row.getLong("left_millis")),
                        row.getBoolean("long_free")));
            }
            return new Shares(seats, wanted, others + 1, rank);
        });
    }

    @Override
    public void want(int shards) throws SQLException {
        calls.call(WANT, update -> {
            update.setInt(1, shards);
            return update.execute();
        });
    }

    @Override
    public boolean change() throws SQLException {
        return step(CLOSE) || step(FINISH) || step(REPLACE);
    }

    private boolean step(String sql) throws SQLException {
        return calls.call(sql, PostgresCalls::countOfSecond) > 0;
    }

    @Override
    public void attend(String owner, Duration duration) throws SQLException {
        calls.call(ATTEND, insert -> {
            insert.setString(1, owner);
            insert.setLong(2, duration.toMillis());
            return insert.executeUpdate();
        });
    }

    @Override
    public void leave(String owner) throws SQLException {
        calls.call(LEAVE, delete -> {
            delete.setString(1, owner);
            return delete.executeUpdate();
        });
    }
}
