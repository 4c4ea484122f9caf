package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** The outbox in PostgreSQL: an insert-only log, its progress beside it, and what is parked. */
final class PostgresOutboxStore implements OutboxStore {

    /** Into the part itself: finding it is a tenth of the work of a statement that stores one row. */
    private static final String APPEND = """
            INSERT INTO outbox_event_%1$d
              (id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at, part)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, %1$d)
            """;

    private static final List<String> APPEND_TO_PART =
            IntStream.range(0, LogParts.COUNT).mapToObj(APPEND::formatted).toList();

    private static final String LOCK = "SELECT pg_advisory_xact_lock(k) FROM unnest(?) AS t (k)";

    private final PostgresCalls calls;
    private final PostgresPages pages;
    private final PostgresProgress progress;
    private final ShardStore shards;
    private final LogParts parts;
    private final ParkedStore parked;
    private final WakeUps wakeUps;

    PostgresOutboxStore(DataSource dataSource) {
        this(dataSource, new LogParts(LogParts.DEFAULT_RETENTION));
    }

    PostgresOutboxStore(DataSource dataSource, LogParts parts) {
        this.calls = new PostgresCalls(dataSource);
        this.pages = new PostgresPages(calls);
        this.progress = new PostgresProgress(calls);
        this.shards = new PostgresShards(calls);
        this.parts = parts;
        this.parked = new PostgresParkedStore(dataSource);
        this.wakeUps = new PostgresWakeUps(dataSource);
    }

    @Override
    public void check() throws SQLException {
        calls.call(connection -> {
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
        int part = parts.at(events.get(0).time());
        try (PreparedStatement insert = connection.prepareStatement(APPEND_TO_PART.get(part))) {
            int stored = events.size() == 1 ? insertOne(insert, events.get(0)) : insertAll(insert, events);
            if (stored < events.size()) {
                throw new OutboxException(
                        "The database stored fewer events than the transaction has.",
                        "Take triggers and rules off outbox_event: it is a log, and every event belongs into it.");
            }
        }
    }

    private static int insertOne(PreparedStatement insert, StoredEvent event) throws SQLException {
        bind(insert, event);
        return insert.executeUpdate();
    }

    private static int insertAll(PreparedStatement insert, List<StoredEvent> events) throws SQLException {
        for (StoredEvent event : events) {
            bind(insert, event);
            insert.addBatch();
        }
        return (int)
                Arrays.stream(insert.executeBatch()).filter(count -> count != 0).count();
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
    public ShardStore shards() {
        return shards;
    }

    @Override
    public void begin(Lease lease, Progress start) {
        // the progress says it all
    }

    @Override
    public boolean canReadAhead() {
        return true;
    }

    @Override
    public Page read(Lease lease, Progress from, PageLimit limit) throws SQLException {
        return pages.read(lease.shard(), (LogProgress) from, limit);
    }

    @Override
    public Optional<Lease> acquire(String owner, int shard, Duration duration) throws SQLException {
        return progress.acquire(owner, shard, duration);
    }

    @Override
    public Optional<Stage> complete(Lease lease) throws SQLException {
        return progress.complete(lease);
    }

    @Override
    public Optional<Noted> save(Lease lease, Progress reached, Duration duration) throws SQLException {
        return progress.save(lease, (LogProgress) reached, duration);
    }

    @Override
    public void release(Lease lease, Progress reached) throws SQLException {
        progress.release(lease, (LogProgress) reached);
    }

    @Override
    public long rewind(Instant time) throws SQLException {
        return progress.rewind(time);
    }

    @Override
    public Optional<Progress> since(Instant time) throws SQLException {
        return pages.since(time);
    }

    @Override
    public Page readAgain(Progress from, PageLimit limit) throws SQLException {
        return pages.read(Shard.WHOLE, (LogProgress) from, limit);
    }

    @Override
    public Backlog backlog() throws SQLException {
        return progress.backlog();
    }

    @Override
    public ParkedStore parked() {
        return parked;
    }

    @Override
    public WakeUps wakeUps() {
        return wakeUps;
    }

    @Override
    public int emptyOldParts(Duration retention) throws SQLException {
        return PostgresLogParts.emptyOld(calls.dataSource(), retention);
    }
}
