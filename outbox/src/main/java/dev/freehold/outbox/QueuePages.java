package dev.freehold.outbox;

import java.util.ArrayList;
import java.util.List;

/** Reads a queue page by page, claims what it reads, and deletes what is published. */
final class QueuePages {

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

    private final QueueCalls calls;
    private final QueueLeases leases;

    QueuePages(QueueCalls calls, QueueLeases leases) {
        this.calls = calls;
        this.leases = leases;
    }

    /** Deletes what is published, and takes the claims of those before off the rest. */
    void begin(Lease lease, QueueProgress from) {
        calls.inTransaction(() -> {
            leases.requireOwned(lease);
            deletePublished(lease.shard(), from);
            return calls.sql(UNCLAIM.formatted(QueueCalls.inShard(lease.shard())))
                    .param("first", lease.firstNumber())
                    .update();
        });
    }

    Page read(Lease lease, QueueProgress from, PageLimit limit) {
        QueueProgress next = from.next();
        return calls.inTransaction(() -> {
            List<Long> positions = new ArrayList<>();
            boolean more = positionsOfAPage(lease.shard(), limit, positions);
            if (positions.isEmpty()) {
                return Page.empty(from);
            }
            leases.requireOwned(lease);
            calls.sql(CLAIM.formatted(QueueCalls.list(positions)))
                    .param("claim", next.number())
                    .update();
            List<StoredEvent> events = calls.sql(CLAIMED.formatted(QueueCalls.inShard(lease.shard())))
                    .param("claim", next.number())
                    .query((row, n) -> QueueOutboxStore.event(row))
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

    int deletePublished(Shard shard, QueueProgress progress) {
        return calls.delete("outbox_event", "outbox_event_claim", PUBLISHED.formatted(QueueCalls.inShard(shard)))
                .param("first", progress.published() >> Lease.NUMBERS_OF_AN_EPOCH << Lease.NUMBERS_OF_AN_EPOCH)
                .param("published", progress.published())
                .update();
    }
}
