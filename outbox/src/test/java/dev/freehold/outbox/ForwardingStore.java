package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A store that leaves everything to another one, but for what a test overrides. */
class ForwardingStore implements OutboxStore {

    private final OutboxStore store;

    ForwardingStore(OutboxStore store) {
        this.store = store;
    }

    @Override
    public void check() throws SQLException {
        store.check();
    }

    @Override
    public void append(Connection connection, List<StoredEvent> events, List<Long> locks) throws SQLException {
        store.append(connection, events, locks);
    }

    @Override
    public ShardStore shards() {
        return store.shards();
    }

    @Override
    public Optional<Lease> acquire(String owner, int shard, Duration duration) throws SQLException {
        return store.acquire(owner, shard, duration);
    }

    @Override
    public Optional<Stage> complete(Lease lease) throws SQLException {
        return store.complete(lease);
    }

    @Override
    public void begin(Lease lease, Progress start) throws SQLException {
        store.begin(lease, start);
    }

    @Override
    public boolean canReadAhead() {
        return store.canReadAhead();
    }

    @Override
    public Page read(Lease lease, Progress from, PageLimit limit) throws SQLException {
        return store.read(lease, from, limit);
    }

    @Override
    public Page readAgain(Progress from, PageLimit limit) throws SQLException {
        return store.readAgain(from, limit);
    }

    @Override
    public Optional<Noted> save(Lease lease, Progress progress, Duration duration) throws SQLException {
        return store.save(lease, progress, duration);
    }

    @Override
    public long rewind(Instant time) throws SQLException {
        return store.rewind(time);
    }

    @Override
    public Backlog backlog() throws SQLException {
        return store.backlog();
    }

    @Override
    public ParkedStore parked() {
        return store.parked();
    }

    @Override
    public int emptyOldParts(Duration retention) throws SQLException {
        return store.emptyOldParts(retention);
    }

    @Override
    public void release(Lease lease, Progress progress) throws SQLException {
        store.release(lease, progress);
    }

    @Override
    public WakeUps wakeUps() {
        return store.wakeUps();
    }

    @Override
    public Optional<Progress> since(java.time.Instant time) throws java.sql.SQLException {
        return store.since(time);
    }
}
