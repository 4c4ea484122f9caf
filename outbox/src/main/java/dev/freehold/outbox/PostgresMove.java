package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the outbox over into another PostgreSQL cluster, whose transaction ids may say nothing about what is published.
 *
 * <ol>
 *   <li>If the cluster's transaction ids are beyond all that the progress names, as after pg_upgrade, it still holds: whatever
 *       commits from now on is new to it.
 *   <li>Otherwise, as after a restore from a dump, what the progress says is written into the rows that came along: those that
 *       are published get an id that every snapshot sees, the others that of this transaction. The progress begins with
 *       nothing seen, so everything that is not published is. Which rows came along is known: the transaction that they name
 *       is one that this cluster has not had yet, or not the one that inserted them.
 *   <li>All of it is one transaction, which holds off writers meanwhile.
 * </ol>
 */
final class PostgresMove {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    private static final String LOCK_PROGRESS = """
            SELECT (SELECT CAST(system_identifier AS text) FROM pg_control_system()) AS present, min(cluster) AS cluster,
                   bool_and(pg_current_xact_id() >= greatest(pg_snapshot_xmax(seen), pg_snapshot_xmax(coalesce(reading, seen)),
                                                             pg_snapshot_xmax(coalesce(until, seen))))
                     AND NOT EXISTS (SELECT FROM outbox_event WHERE tx > pg_current_xact_id())
                     AND NOT EXISTS (SELECT FROM outbox_parked WHERE tx > pg_current_xact_id()) AS holds
            FROM (SELECT * FROM outbox_progress ORDER BY shard FOR UPDATE) p
            HAVING count(*) > 0
            """;

    private static final String LOCK_LOG = "LOCK TABLE outbox_event IN SHARE ROW EXCLUSIVE MODE";

    /**
     * The second transaction id is older than any, and seen by all. What is published gets it, if it came along for sure: its
     * transaction is not of this cluster, or is a later one than the one that inserted it here. In doubt it is published again.
     */
    private static final String RESTAMP = """
            UPDATE outbox_event e
            SET tx = CASE WHEN t.published THEN CAST('2' AS xid8) ELSE pg_current_xact_id() END
            FROM (SELECT o.position, o.part,
                         (pg_visible_in_snapshot(o.tx, p.seen)
                            OR (p.reading IS NOT NULL AND pg_visible_in_snapshot(o.tx, p.reading)
                                AND o.position <= p.position))
                           AND (o.tx > pg_current_xact_id()
                                OR CAST(CAST(o.xmin AS text) AS numeric) < mod(CAST(CAST(o.tx AS text) AS numeric), 4294967296))
                           AS published
                  FROM outbox_event o JOIN outbox_progress p ON p.shard = %s) t
            WHERE e.position = t.position AND e.part = t.part AND (t.published OR e.tx > pg_current_xact_id())
            """.formatted(PostgresShards.shardOf("o.aggregateid", "p.shards"));

    /** All of them came along: nothing was parked here yet. */
    private static final String RESTAMP_PARKED = """
            UPDATE outbox_parked e
            SET tx = CASE WHEN pg_visible_in_snapshot(e.tx, p.seen)
                            OR (p.reading IS NOT NULL AND pg_visible_in_snapshot(e.tx, p.reading)
                                AND e.position <= p.position)
                          THEN CAST('2' AS xid8) ELSE pg_current_xact_id() END
            FROM outbox_progress p
            WHERE p.shard = %s
            """.formatted(PostgresShards.shardOf("e.aggregateid", "p.shards"));

    /** A change of the number of shards begins anew, too; and nobody goes on from where it was. */
    private static final String BEGIN_ANEW = """
            UPDATE outbox_progress SET epoch = epoch + 1, seen = '3:3:', reading = NULL, position = 0, phase = 'OPEN', until = NULL
            """;

    private static final String ADOPT = "UPDATE outbox_progress SET cluster = ?";

    private PostgresMove() {}

    /** Does nothing if somebody else has done it. */
    static void into(String present, Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            move(present, connection);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private static void move(String present, Connection connection) throws SQLException {
        boolean holds;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(LOCK_PROGRESS)) {
            if (!row.next() || row.getString("cluster").equals(row.getString("present"))) {
                return;
            }
            holds = row.getBoolean("holds");
        }
        if (holds) {
            log.warn("The outbox is in another PostgreSQL cluster, where its progress still holds; publishing goes on");
        } else {
            execute(connection, LOCK_LOG);
            int events = execute(connection, RESTAMP);
            execute(connection, RESTAMP_PARKED);
            execute(connection, BEGIN_ANEW);
            log.warn(
                    "The outbox was restored into another PostgreSQL cluster with {} events; what was not published there is"
                            + " published now, and what was published after the backup is missing here",
                    events);
        }
        try (PreparedStatement adopt = connection.prepareStatement(ADOPT)) {
            adopt.setString(1, present);
            adopt.executeUpdate();
        }
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
