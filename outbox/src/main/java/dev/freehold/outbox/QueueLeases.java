package dev.freehold.outbox;

import dev.freehold.outbox.OutboxStore.Noted;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Who owns which shard of a queue, and how far it is published. */
final class QueueLeases {

    private static final String OWNED = "SELECT epoch FROM outbox_progress WHERE shard = :shard FOR UPDATE";

    private static final String SAVE = """
            UPDATE outbox_progress
            SET number = :number, published = :published, leased_until = :now + :lease
            WHERE shard = :shard AND epoch = :epoch
            """;

    private static final String NOTED = """
            SELECT phase, EXISTS (SELECT 1 FROM outbox_parked_key) AS has_parked_keys FROM outbox_progress WHERE shard = :shard
            """;

    private static final String COMPLETE = """
            UPDATE outbox_progress
            SET phase = CASE phase WHEN 'CLOSING' THEN 'CLOSED' WHEN 'LAST' THEN 'DONE' ELSE phase END
            WHERE shard = :shard AND epoch = :epoch
            """;

    private static final String RELEASE = """
            UPDATE outbox_progress
            SET number = :number, published = :published, leased_until = :now, owner = NULL
            WHERE shard = :shard AND epoch = :epoch
            """;

    private static final String FREE = """
            SELECT shard, shards, epoch, number, published, phase FROM outbox_progress
            WHERE shard = :shard AND phase <> 'DONE' AND (leased_until <= :now OR owner = :owner)
            FOR UPDATE
            """;

    /** By the time, so that epochs of a restored database are higher than those before the restore. */
    private static final String TAKE = """
            UPDATE outbox_progress
            SET owner = :owner, leased_until = :now + :lease, epoch = GREATEST(epoch + 1, FLOOR(:now / 1000000) - :since)
            WHERE shard = :shard
            """;

    private static final long SECONDS_OF_2020 =
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();

    private static final String EPOCH = "SELECT epoch FROM outbox_progress WHERE shard = :shard";

    private static final String BACKLOG = """
            SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox_event LIMIT :most) e) AS events,
                   (SELECT :now - min(created_at) FROM outbox_event
                    WHERE position = (SELECT min(position) FROM outbox_event)) AS oldest,
                   (SELECT count(*) FROM outbox_parked_key) AS parked_keys,
                   (SELECT count(*) FROM outbox_parked WHERE NOT dead) AS parked_events,
                   (SELECT count(*) FROM outbox_parked WHERE dead) AS dead_letters
            """;

    private final QueueCalls calls;

    QueueLeases(QueueCalls calls) {
        this.calls = calls;
    }

    Optional<Lease> acquire(String owner, int shard, Duration duration) {
        long takenAt = System.nanoTime();
        return calls.inTransaction(() -> {
            Optional<Taken> free = calls.sql(FREE)
                    .param("shard", shard)
                    .param("owner", owner)
                    .query((row, n) -> new Taken(
                            new Shard(row.getInt("shard"), row.getInt("shards")),
                            new QueueProgress(row.getLong("number"), row.getLong("published")),
                            stage(row.getString("phase"))))
                    .optional();
            return free.map(taken -> new Lease(
                    owner,
                    taken.shard(),
                    take(owner, shard, duration),
                    "queue",
                    taken.noted(),
                    taken.stage(),
                    takenAt));
        });
    }

    private long take(String owner, int shard, Duration duration) {
        calls.sql(TAKE)
                .param("owner", owner)
                .param("lease", QueueCalls.micros(duration))
                .param("since", SECONDS_OF_2020)
                .param("shard", shard)
                .update();
        return calls.sql(EPOCH).param("shard", shard).query(Long.class).single();
    }

    private record Taken(Shard shard, QueueProgress noted, Stage stage) {}

    static Stage stage(String phase) {
        Stage.Phase present = Stage.Phase.valueOf(phase);
        return new Stage(present, present == Stage.Phase.LAST ? QueueProgress.ANYWHERE : null);
    }

    /** And stays so until the transaction ends. */
    void requireOwned(Lease lease) {
        Optional<Long> epoch = calls.sql(OWNED)
                .param("shard", lease.shard().number())
                .query(Long.class)
                .optional();
        if (epoch.isEmpty() || epoch.get() != lease.epoch()) {
            throw new RelayTerm.LeaseLost();
        }
    }

    Optional<Noted> save(Lease lease, QueueProgress progress, Duration duration) {
        return note(SAVE, lease, progress, duration);
    }

    Optional<Noted> release(Lease lease, QueueProgress progress) {
        return note(RELEASE, lease, progress, Duration.ZERO);
    }

    private Optional<Noted> note(String statement, Lease lease, QueueProgress progress, Duration duration) {
        int owned = calls.sql(statement)
                .param("number", progress.number())
                .param("published", progress.published())
                .param("lease", QueueCalls.micros(duration))
                .param("shard", lease.shard().number())
                .param("epoch", lease.epoch())
                .update();
        return owned == 0 ? Optional.empty() : noted(lease);
    }

    private Optional<Noted> noted(Lease lease) {
        return calls.sql(NOTED)
                .param("shard", lease.shard().number())
                .query((row, n) -> new Noted(row.getBoolean("has_parked_keys"), stage(row.getString("phase"))))
                .optional();
    }

    Optional<Stage> complete(Lease lease) {
        return calls.inTransaction(() -> {
            int owned = calls.sql(COMPLETE)
                    .param("shard", lease.shard().number())
                    .param("epoch", lease.epoch())
                    .update();
            return owned == 0 ? Optional.empty() : noted(lease).map(Noted::stage);
        });
    }

    Backlog backlog() {
        return calls.inTransaction(() -> calls.sql(BACKLOG)
                .param("most", Backlog.MOST)
                .query((row, n) -> new Backlog(
                        row.getLong("events"),
                        Duration.of(Math.max(0, row.getLong("oldest")), ChronoUnit.MICROS),
                        row.getLong("parked_keys"),
                        row.getLong("parked_events"),
                        row.getLong("dead_letters")))
                .single());
    }
}
