package dev.freehold.outbox;

import dev.freehold.outbox.Shares.Seat;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.dao.DuplicateKeyException;

/**
 * The shards of an outbox that is a queue. Nothing has to be published before the new shards take over, since they find in the
 * rows what is not: so the last phase of a change ends where it begins.
 */
final class QueueShards implements ShardStore {

    private static final String LOOK = """
            SELECT p.shard, p.wanted, p.phase, CASE WHEN p.owner = :owner THEN 1 ELSE 0 END AS own,
                   p.leased_until - :now AS left_micros,
                   CASE WHEN p.leased_until <= :now - :lease THEN 1 ELSE 0 END AS long_free,
                   (SELECT count(*) FROM outbox_relay WHERE alive_until > :now AND owner <> :owner) AS others,
                   (SELECT count(*) FROM outbox_relay WHERE alive_until > :now AND owner < :owner) AS preceding
            FROM outbox_progress p
            ORDER BY p.shard
            """;

    private static final String INSERT = """
            INSERT INTO outbox_progress (shard, shards, wanted, epoch, number) VALUES (:shard, :shards, :shards, :epoch, :number)
            """;

    private static final String WANT = "UPDATE outbox_progress SET wanted = :wanted";

    private static final String ALL = """
            SELECT shards, wanted, epoch, phase FROM outbox_progress ORDER BY shard FOR UPDATE
            """;

    private static final String SET_PHASE = "UPDATE outbox_progress SET phase = :phase";

    private static final String DELETE = "DELETE FROM outbox_progress";

    private static final String BE_ALIVE =
            "UPDATE outbox_relay SET alive_until = :now + :duration WHERE owner = :owner";

    private static final String JOIN =
            "INSERT INTO outbox_relay (owner, alive_until) VALUES (:owner, :now + :duration)";

    private static final String FORGET = "DELETE FROM outbox_relay WHERE alive_until < :now - 60000000";

    private static final String LEAVE = "DELETE FROM outbox_relay WHERE owner = :owner";

    private final QueueCalls calls;

    QueueShards(QueueCalls calls) {
        this.calls = calls;
    }

    @Override
    public Shares look(String owner, int first, Duration lease) {
        Shares present = look(owner, lease);
        if (!present.seats().isEmpty()) {
            return present;
        }
        try {
            calls.inTransaction(() -> insert(first, 0));
        } catch (DuplicateKeyException e) { // another relay was first
            return look(owner, lease);
        }
        return look(owner, lease);
    }

    private Shares look(String owner, Duration lease) {
        return calls.inTransaction(() -> {
            int[] others = {0, 0, 0};
            List<Seat> seats = calls.sql(LOOK)
                    .param("owner", owner)
                    .param("lease", QueueCalls.micros(lease))
                    .query((row, n) -> {
                        others[0] = row.getInt("wanted");
                        others[1] = row.getInt("others");
                        others[2] = row.getInt("preceding");
                        return new Seat(
                                row.getInt("shard"),
                                QueueLeases.stage(row.getString("phase")),
                                row.getBoolean("own"),
                                Duration.of(row.getLong("left_micros"), ChronoUnit.MICROS),
                                row.getBoolean("long_free"));
                    })
                    .list();
            return new Shares(seats, others[0], others[1] + 1, others[2]);
        });
    }

    private int insert(int shards, long epoch) {
        return IntStream.range(0, shards)
                .map(shard -> calls.sql(INSERT)
                        .param("shard", shard)
                        .param("shards", shards)
                        .param("epoch", epoch)
                        .param("number", epoch << Lease.NUMBERS_OF_AN_EPOCH)
                        .update())
                .sum();
    }

    @Override
    public void want(int shards) {
        calls.inTransaction(() -> calls.sql(WANT).param("wanted", shards).update());
    }

    @Override
    public boolean change() {
        return calls.inTransaction(() -> {
            List<Present> all = calls.sql(ALL)
                    .query((row, n) -> new Present(
                            row.getInt("shards"),
                            row.getInt("wanted"),
                            row.getLong("epoch"),
                            Stage.Phase.valueOf(row.getString("phase"))))
                    .list();
            if (all.isEmpty()) {
                return false;
            }
            if (are(all, Stage.Phase.OPEN) && all.get(0).wanted() != all.get(0).shards()) {
                return set(Stage.Phase.CLOSING);
            }
            if (are(all, Stage.Phase.CLOSED)) {
                return set(Stage.Phase.LAST);
            }
            return are(all, Stage.Phase.DONE) && replace(all);
        });
    }

    private static boolean are(List<Present> all, Stage.Phase phase) {
        return all.stream().allMatch(shard -> shard.phase() == phase);
    }

    private boolean set(Stage.Phase phase) {
        return calls.sql(SET_PHASE).param("phase", phase.name()).update() > 0;
    }

    /** With epochs and numbers higher than any before, so that no mark that a transport keeps is taken for a new one. */
    private boolean replace(List<Present> old) {
        calls.sql(DELETE).update();
        long highest = old.stream().mapToLong(Present::epoch).max().orElse(0);
        return insert(old.get(0).wanted(), highest + 1) > 0;
    }

    private record Present(int shards, int wanted, long epoch, Stage.Phase phase) {}

    @Override
    public void attend(String owner, Duration duration) {
        calls.inTransaction(() -> {
            long micros = QueueCalls.micros(duration);
            calls.sql(FORGET).update();
            int known = calls.sql(BE_ALIVE)
                    .param("owner", owner)
                    .param("duration", micros)
                    .update();
            return known == 1
                    ? known
                    : calls.sql(JOIN)
                            .param("owner", owner)
                            .param("duration", micros)
                            .update();
        });
    }

    @Override
    public void leave(String owner) {
        calls.inTransaction(() -> calls.sql(LEAVE).param("owner", owner).update());
    }
}
