package dev.freehold.outbox;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the events of the transactions that commit on this thread, from {@link #record} to {@link #close}, of every
 * {@link Outbox}:
 *
 * <pre>{@code
 * try (CommittedEvents events = CommittedEvents.record()) {
 *     orders.place(…);
 *     token = events.token();
 * }
 * }</pre>
 *
 * <p>What is rolled back, with its transaction or to a savepoint, is not among them; what a transaction of its own has committed
 * is, also if the one around it is rolled back later. Of each key of a topic and type the last event is kept: who has handled that
 * one has handled those before it. Scopes may be nested; both see what commits in the inner one. Confined to its thread.
 */
public final class CommittedEvents implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final ThreadLocal<@Nullable CommittedEvents> INNERMOST = new ThreadLocal<>();

    private final @Nullable CommittedEvents outer;
    private final Consumer<ConsistencyToken> afterCommit;
    private final Map<Line, StoredEvent> last = new HashMap<>();
    private boolean closed;

    private CommittedEvents(@Nullable CommittedEvents outer, Consumer<ConsistencyToken> afterCommit) {
        this.outer = outer;
        this.afterCommit = afterCommit;
    }

    /** Begins to record on this thread. */
    public static CommittedEvents record() {
        return record(token -> {});
    }

    /**
     * Begins to record on this thread.
     *
     * @param afterCommit gets the token of all events so far after each commit with events, on this thread; if it throws, the
     *     transaction is committed all the same, and its caller sees nothing of it
     */
    public static CommittedEvents record(Consumer<ConsistencyToken> afterCommit) {
        CommittedEvents innermost = new CommittedEvents(INNERMOST.get(), afterCommit);
        INNERMOST.set(innermost);
        return innermost;
    }

    /** Called after a commit, on its thread. */
    static void add(Iterable<StoredEvent> events) {
        for (CommittedEvents scope = INNERMOST.get(); scope != null; scope = scope.outer) {
            scope.keep(events);
        }
    }

    private void keep(Iterable<StoredEvent> events) {
        for (StoredEvent event : events) {
            if (last.size() <= ConsistencyToken.MOST_EVENTS) { // one more says that there were more
                last.put(new Line(event.topic(), event.type(), event.key()), event);
            }
        }
        try {
            afterCommit.accept(token());
        } catch (RuntimeException e) { // the transaction is committed; its caller must not see a failure
            log.warn("Nobody could be told of the events of a transaction that has committed", e);
        }
    }

    /** The events of the transactions that have committed by now; empty if there were none. */
    public ConsistencyToken token() {
        return ConsistencyToken.of(last.values());
    }

    /**
     * Ends recording, also that of scopes within this one which nobody has closed; {@link #token} keeps what it was.
     *
     * @throws IllegalStateException on another thread
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!isOpenHere()) {
            throw new IllegalStateException(
                    "CommittedEvents must be closed on the thread that began to record: use try-with-resources.");
        }
        for (CommittedEvents scope = INNERMOST.get(); scope != null && scope != outer; scope = scope.outer) {
            scope.closed = true;
        }
        if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
    }

    private boolean isOpenHere() {
        for (CommittedEvents scope = INNERMOST.get(); scope != null; scope = scope.outer) {
            if (scope == this) {
                return true;
            }
        }
        return false;
    }

    /** Events of which the last one tells of all. */
    private record Line(String topic, String type, String key) {}
}
