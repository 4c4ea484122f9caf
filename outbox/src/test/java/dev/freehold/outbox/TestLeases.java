package dev.freehold.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Leases of an outbox that has one shard, unless a test has made more. */
final class TestLeases {

    private TestLeases() {}

    static Optional<Lease> acquire(OutboxStore store, String owner, Duration duration) throws SQLException {
        store.shards().look(owner, 1, duration);
        return store.acquire(owner, 0, duration);
    }

    /** For who hands it on. */
    static Lease unused() {
        return new Lease("relay", Shard.WHOLE, 1, "history", new NoProgress(), Stage.OPEN, 0);
    }
}
