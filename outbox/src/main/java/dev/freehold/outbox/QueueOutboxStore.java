package dev.freehold.outbox;

import dev.freehold.outbox.internal.QueueDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

    private final DataSource dataSource;
    private final QueueDatabase database;
    private final QueueCalls calls;
    private final QueueLeases leases;
    private final QueuePages pages;
    private final ShardStore shards;
    private final ParkedStore parked;

    QueueOutboxStore(QueueDatabase database, DataSource dataSource) {
        this.dataSource = dataSource;
        this.database = database;
        this.calls = new QueueCalls(database, dataSource);
        this.leases = new QueueLeases(calls);
        this.pages = new QueuePages(calls, leases);
        this.shards = new QueueShards(calls);
        this.parked = new QueueParkedStore(calls, leases);
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
        return leases.acquire(owner, shard, duration);
    }

    @Override
    public void begin(Lease lease, Progress start) {
        pages.begin(lease, (QueueProgress) start);
    }

    @Override
    public boolean canReadAhead() {
        return false;
    }

    @Override
    public Page read(Lease lease, Progress from, PageLimit limit) {
        return pages.read(lease, (QueueProgress) from, limit);
    }

    @Override
    public Optional<Noted> save(Lease lease, Progress progress, Duration duration) {
        QueueProgress reached = (QueueProgress) progress;
        return calls.inTransaction(() -> {
            Optional<Noted> noted = leases.save(lease, reached, duration);
            noted.ifPresent(told -> pages.deletePublished(lease.shard(), reached));
            return noted;
        });
    }

    @Override
    public void release(Lease lease, Progress progress) {
        QueueProgress reached = (QueueProgress) progress;
        calls.inTransaction(() -> {
            Optional<Noted> noted = leases.release(lease, reached);
            noted.ifPresent(told -> pages.deletePublished(lease.shard(), reached));
            return noted;
        });
    }

    @Override
    public Optional<Stage> complete(Lease lease) {
        return leases.complete(lease);
    }

    @Override
    public Backlog backlog() {
        return leases.backlog();
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
