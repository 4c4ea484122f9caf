package dev.freehold.outbox;

import dev.freehold.outbox.internal.QueueDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The outbox as a queue, in databases that do not tell which transactions a snapshot sees.
 *
 * <ol>
 *   <li>Rows have positions in the order in which they were inserted, so in the order of the commits of their key, as long as
 *       its transactions change a common row.
 *   <li>The owner of a shard reads its rows that nobody has claimed, by position, and claims them under the number of the step.
 *       So a row that was committed late is met whenever it comes, and nothing is met twice.
 *   <li>When a step is acknowledged, its rows are deleted in the transaction that notes the progress, if the epoch is still
 *       the owner's.
 *   <li>A new owner deletes what is claimed up to the progress, or up to the transport's mark if that is later, and takes the
 *       claims off all other rows, which then come first again.
 * </ol>
 */
final class QueueOutboxStore implements OutboxStore {

    private static final String APPEND = """
            INSERT INTO outbox_event
              (id, aggregatetype, aggregateid, slot, type, version, payload, traceparent, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String LOCK = "SELECT slot FROM outbox_lock WHERE slot = ? FOR UPDATE";
    private static final int LOCKS = 256;

    private static final String SIZES = """
            SELECT position, COALESCE(OCTET_LENGTH(payload), 0) AS bytes FROM outbox_event
            WHERE claim IS NULL%s
            ORDER BY position
            LIMIT :limit
            """;

    /** By their positions, which are of committed rows: a range would wait for transactions that are open. */
    private static final String CLAIM = "UPDATE outbox_event SET claim = :claim WHERE position IN (%s)";

    private static final String CLAIMED = """
            SELECT position, id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at
            FROM outbox_event WHERE claim = :claim%s
            ORDER BY position
            """;

    private static final String UNCLAIM = "UPDATE outbox_event SET claim = NULL WHERE claim < :first%s";

    /** Of one epoch only: what an earlier one had claimed, and the later one not, was not published by it. */
    private static final String PUBLISHED = "t.claim BETWEEN :first AND :published%s";

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

    private final DataSource dataSource;
    private final QueueDatabase database;
    private final QueueCalls calls;
    private final ShardStore shards;
    private final ParkedStore parked;

    QueueOutboxStore(QueueDatabase database, DataSource dataSource) {
        this.dataSource = dataSource;
        this.database = database;
        this.calls = new QueueCalls(database, dataSource);
        this.shards = new QueueShards(calls);
        this.parked = new QueueParkedStore(calls);
    }

    @Override
    public void check() throws SQLException {
        QueueTables.check(database, dataSource);
    }

    @Override
    public void append(Connection connection, List<StoredEvent> events, List<Long> locks) throws SQLException {
        lock(connection, locks);
        try (PreparedStatement insert = connection.prepareStatement(APPEND)) {
            for (StoredEvent event : events) {
                bind(insert, event);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void lock(Connection connection, List<Long> locks) throws SQLException {
        if (locks.isEmpty()) {
            return;
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            for (long slot : locks.stream()
                    .map(key -> Math.floorMod(key, (long) LOCKS))
                    .sorted()
                    .distinct()
                    .toList()) {
                lock.setLong(1, slot);
                lock.executeQuery().close();
            }
        }
    }

    private static void bind(PreparedStatement insert, StoredEvent event) throws SQLException {
        insert.setString(1, event.id().toString());
        insert.setString(2, event.topic());
        insert.setString(3, event.key());
        insert.setInt(4, Slots.of(event.key()));
        insert.setString(5, event.type());
        insert.setInt(6, event.version());
        insert.setBytes(7, event.payload());
        insert.setString(8, event.traceparent());
        insert.setLong(9, ChronoUnit.MICROS.between(Instant.EPOCH, event.time()));
    }

    static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                UUID.fromString(row.getString("id")),
                row.getString("aggregatetype"),
                row.getString("aggregateid"),
                row.getString("type"),
                row.getInt("version"),
                row.getBytes("payload"),
                row.getString("traceparent"),
                time(row.getLong("created_at")));
    }

    static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public ShardStore shards() {
        return shards;
    }

    @Override
    public Optional<Lease> acquire(String owner, int shard, Duration duration) {
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
                .param("lease", micros(duration))
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

    static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    @Override
    public void begin(Lease lease, Progress start) {
        QueueProgress from = (QueueProgress) start;
        calls.inTransaction(() -> {
            requireOwned(lease);
            delete(lease.shard(), from);
            return calls.sql(UNCLAIM.formatted(QueueCalls.inShard(lease.shard())))
                    .param("first", lease.firstNumber())
                    .update();
        });
    }

    @Override
    public Page read(Lease lease, Progress from, PageLimit limit) {
        QueueProgress next = ((QueueProgress) from).next();
        return calls.inTransaction(() -> {
            List<Long> positions = new ArrayList<>();
            boolean more = positionsOfAPage(lease.shard(), limit, positions);
            if (positions.isEmpty()) {
                return Page.empty(from);
            }
            requireOwned(lease);
            calls.sql(CLAIM.formatted(QueueCalls.list(positions)))
                    .param("claim", next.number())
                    .update();
            List<StoredEvent> events = calls.sql(CLAIMED.formatted(QueueCalls.inShard(lease.shard())))
                    .param("claim", next.number())
                    .query((row, n) -> event(row))
                    .list();
            return new Page(
                    events, positions.stream().mapToLong(Long::longValue).toArray(), next, more);
        });
    }

    /** Whether there are more. */
    private boolean positionsOfAPage(Shard shard, PageLimit limit, List<Long> positions) {
        long[] bytes = {0};
        boolean[] more = {false};
        calls.sql(SIZES.formatted(QueueCalls.inShard(shard)))
                .param("limit", limit.events() + 1)
                .query(row -> {
                    more[0] = more[0] || positions.size() == limit.events() || bytes[0] >= limit.bytes();
                    if (!more[0]) {
                        positions.add(row.getLong("position"));
                        bytes[0] += row.getLong("bytes");
                    }
                });
        return more[0];
    }

    /** And stays so until the transaction ends. */
    private void requireOwned(Lease lease) {
        Optional<Long> epoch = calls.sql(OWNED)
                .param("shard", lease.shard().number())
                .query(Long.class)
                .optional();
        if (epoch.isEmpty() || epoch.get() != lease.epoch()) {
            throw new RelayTerm.LeaseLost();
        }
    }

    private void delete(Shard shard, QueueProgress progress) {
        calls.delete("outbox_event", "outbox_event_claim", PUBLISHED.formatted(QueueCalls.inShard(shard)))
                .param("first", progress.published() >> Lease.NUMBERS_OF_AN_EPOCH << Lease.NUMBERS_OF_AN_EPOCH)
                .param("published", progress.published())
                .update();
    }

    @Override
    public Optional<Noted> save(Lease lease, Progress progress, Duration duration) {
        return note(lease, (QueueProgress) progress, Optional.of(duration));
    }

    @Override
    public void release(Lease lease, Progress progress) {
        note(lease, (QueueProgress) progress, Optional.empty());
    }

    private Optional<Noted> note(Lease lease, QueueProgress progress, Optional<Duration> duration) {
        return calls.inTransaction(() -> {
            int owned = calls.sql(duration.isPresent() ? SAVE : RELEASE)
                    .param("number", progress.number())
                    .param("published", progress.published())
                    .param("lease", duration.map(QueueOutboxStore::micros).orElse(0L))
                    .param("shard", lease.shard().number())
                    .param("epoch", lease.epoch())
                    .update();
            if (owned == 0) {
                return Optional.empty();
            }
            delete(lease.shard(), progress);
            return Optional.of(calls.sql(NOTED)
                    .param("shard", lease.shard().number())
                    .query((row, n) -> new Noted(row.getBoolean("has_parked_keys"), stage(row.getString("phase"))))
                    .single());
        });
    }

    @Override
    public Optional<Stage> complete(Lease lease) {
        return calls.inTransaction(() -> {
            int owned = calls.sql(COMPLETE)
                    .param("shard", lease.shard().number())
                    .param("epoch", lease.epoch())
                    .update();
            return owned == 0
                    ? Optional.empty()
                    : calls.sql(NOTED)
                            .param("shard", lease.shard().number())
                            .query((row, n) -> stage(row.getString("phase")))
                            .optional();
        });
    }

    @Override
    public Backlog backlog() {
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

    @Override
    public ParkedStore parked() {
        return parked;
    }

    @Override
    public long rewind(Instant time) {
        throw nothingIsKept();
    }

    @Override
    public Optional<Progress> since(Instant time) {
        throw nothingIsKept();
    }

    @Override
    public Page readAgain(Progress from, PageLimit limit) {
        throw nothingIsKept();
    }

    private static OutboxException nothingIsKept() {
        return new OutboxException(
                "Nothing can be published again: in this database events are deleted when they are published.",
                "Let the consumer read its topic again from an earlier offset; or use PostgreSQL, where events are kept.");
    }

    @Override
    public int emptyOldParts(Duration retention) {
        return 0;
    }

    @Override
    public WakeUps wakeUps() {
        return NoWakeUps.INSTANCE;
    }

    /** Relays of other processes find events by polling. */
    private enum NoWakeUps implements WakeUps {
        INSTANCE;

        @Override
        public void send(WakeUp what) {
            // nobody can hear it
        }

        @Override
        public boolean canListen() {
            return false;
        }

        @Override
        public void listen(Listener listener) {
            throw new UnsupportedOperationException("nobody can be heard");
        }
    }
}
