package dev.freehold.inbox;

import dev.freehold.outbox.ConsistencyToken;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/** Tells readers whether this service has handled what they should see; see {@link Inbox#await}. */
final class ConsistentReads {

    private static final int UUID_VERSION_7 = 7;

    private final InboxStore store;
    private final ListenedEvents listened;
    private final WaitingReaders waiting;
    private final Duration retention;
    private final Clock clock;

    ConsistentReads(
            InboxStore store, ListenedEvents listened, WaitingReaders waiting, Duration retention, Clock clock) {
        this.store = store;
        this.listened = listened;
        this.waiting = waiting;
        this.retention = retention;
        this.clock = clock;
    }

    boolean await(ConsistencyToken token, Duration atMost, String... groups) {
        if (atMost.isNegative()) {
            throw new IllegalArgumentException("atMost must be 0 or longer, was " + atMost);
        }
        if (store.isInTransaction()) {
            throw new InboxException(
                    "await was called within the transaction of thread '%s'."
                            .formatted(Thread.currentThread().getName()),
                    "Call it before the transaction begins, outside of the @Transactional method: a transaction may go on seeing"
                            + " what was there when it began, and would keep its connection while it waits.");
        }
        Collection<String> asked = listened.groups(groups);
        if (token.isOverflowing()) {
            return asked.isEmpty();
        }
        Set<Awaited> awaited = listened.awaited(token, asked);
        return awaited.isEmpty()
                || (awaited.stream().noneMatch(one -> isForgotten(one.id())) && waiting.await(awaited, atMost));
    }

    /** Nobody knows any more whether it was handled. */
    private boolean isForgotten(UUID id) {
        return !retention.isZero()
                && id.version() == UUID_VERSION_7
                && id.getMostSignificantBits() >>> 16 < clock.millis() - retention.toMillis();
    }
}
