package dev.freehold.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One relay's time in office, from taking the lease to losing it or giving it back. Confined to the relay's thread.
 *
 * <ol>
 *   <li>A page is read from where the last one ended, and all its events are handed to the transport at once.
 *   <li>While pages are on their way, up to {@code maxInFlight}, the next ones are read.
 *   <li>When the oldest page is acknowledged, the progress moves behind it; one write notes it, renews the lease and
 *       compares the epoch. The progress never passes an event that is not acknowledged.
 *   <li>If an event cannot be sent, the term ends before anything else is sent; the next one starts from the noted progress. So events may be sent
 *       again, in the same order, and none is left out.
 *   <li>A term after a failure starts with a single event and doubles with every page that is acknowledged, so that
 *       what stands before an event that cannot be sent gets out, and is not sent again with every attempt.
 * </ol>
 */
final class RelayTerm {

    private static final long STALL_NANOS = 5_000_000_000L;
    private static final long SHORTEST_POLL_NANOS = 10_000_000;

    private final OutboxStore store;
    private final Outlet outlet;
    private final RelaySettings settings;
    private final Signal signal;
    private final RelayCounters counters;
    private final Lease lease;
    private final Deque<Sent> inFlight = new ArrayDeque<>();

    private final Progress start;
    private Progress read;
    private Progress acknowledged;
    private Progress noted;
    private boolean more = true;
    private boolean polling;
    private long pollNanos;
    private int pageSize;
    private long renewedAt;
    private long readAt;

    RelayTerm(
            OutboxStore store,
            Outlet outlet,
            RelaySettings settings,
            Signal signal,
            RelayCounters counters,
            Lease lease,
            int firstPageSize) {
        this.store = store;
        this.outlet = outlet;
        this.settings = settings;
        this.signal = signal;
        this.counters = counters;
        this.lease = lease;
        this.start = lease.start(outlet.mark());
        this.read = start;
        this.acknowledged = start;
        this.noted = start;
        this.pageSize = firstPageSize;
        this.renewedAt = lease.takenAt();
        this.readAt = System.nanoTime();
        this.pollNanos = settings.pollInterval().toNanos();
    }

    /** Whether anything has been published and noted in this term. */
    boolean hasProgressed() {
        return !noted.equals(start);
    }

    /** One round: settle what is acknowledged, note it, read and send more, or wait for something to do. */
    void round() throws SQLException {
        settleAndNote();
        noticeAStall();
        if (mayRead()) {
            readAndSend();
        } else {
            signal.await(untilNextDuty());
        }
    }

    /** Waits for what is on its way, and notes it. */
    void finish(Duration timeout) throws SQLException {
        long end = System.nanoTime() + timeout.toNanos();
        while (!inFlight.isEmpty() && end - System.nanoTime() > 0) {
            settleAndNote();
            if (!inFlight.isEmpty()) {
                signal.await(Math.min(end - System.nanoTime(), untilNextDuty()));
            }
        }
        store.release(lease, acknowledged);
    }

    private void settleAndNote() throws SQLException {
        try {
            settle();
        } finally {
            note();
        }
    }

    private void settle() {
        while (!inFlight.isEmpty() && inFlight.element().done().isDone()) {
            Sent sent = inFlight.remove();
            requireSuccess(sent);
            acknowledged = sent.page().next();
            counters.succeeded();
            pageSize = Math.min(pageSize * 2, settings.batchSize());
        }
        for (Sent sent : inFlight) {
            if (sent.done().isCompletedExceptionally()) {
                requireSuccess(sent); // or a later page would overtake it while an earlier one is under way
            }
        }
    }

    private void requireSuccess(Sent sent) {
        try {
            sent.done().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof OutboxTransport.Refused refused) {
                outlet.refused(refused, sent.page());
                throw refused;
            }
            throw e.getCause() instanceof OutboxException failure ? failure : new RelayFailure(e);
        }
    }

    /** A transport may wait for its broker as long as it takes; that must not look as if all were well. */
    private void noticeAStall() {
        Sent oldest = inFlight.peek();
        if (oldest != null && System.nanoTime() - oldest.at() > STALL_NANOS) {
            counters.stalled();
        }
    }

    private void note() throws SQLException {
        if (acknowledged.equals(noted) && System.nanoTime() - renewedAt < renewInterval()) {
            return;
        }
        long start = System.nanoTime();
        OutboxStore.Noted told =
                store.save(lease, acknowledged, settings.lease()).orElseThrow(LeaseLost::new);
        outlet.knowsOfParkedKeys(told.hasParkedKeys());
        noted = acknowledged;
        if (inFlight.isEmpty()) {
            counters.succeeded();
        }
        renewedAt = start;
    }

    private boolean mayRead() {
        if (isFull()) {
            return false;
        }
        boolean told = signal.takeWork() || more;
        polling = !told && System.nanoTime() - readAt >= pollNanos;
        return told || polling;
    }

    /** Polls soon again while polls find something, since then other processes write; and ever later while not. */
    private void adaptPolling(boolean found) {
        long longest = settings.pollInterval().toNanos();
        pollNanos = Math.min(found ? SHORTEST_POLL_NANOS : pollNanos * 2, longest);
    }

    private void readAndSend() throws SQLException {
        Page page = store.read(read, pageSize, settings.batchBytes());
        readAt = System.nanoTime();
        more = page.more();
        if (polling) {
            adaptPolling(!page.events().isEmpty());
        }
        if (page.next().equals(read)) {
            return;
        }
        read = page.next();
        CompletableFuture<Void> done = outlet.send(page, read.mark(lease.history()), this::requireLease);
        inFlight.add(new Sent(page, done, System.nanoTime()));
        var unused = done.whenComplete((ok, failure) -> signal.raise());
    }

    private void requireLease() {
        if (System.nanoTime() - renewedAt >= settings.lease().toNanos()) {
            throw new LeaseLost();
        }
    }

    private long untilNextDuty() {
        long now = System.nanoTime();
        long renewal = renewedAt + renewInterval() - now;
        long poll = isFull() ? Long.MAX_VALUE : readAt + pollNanos - now;
        return Math.max(0, Math.min(renewal, poll));
    }

    private boolean isFull() {
        return inFlight.size() >= (pageSize < settings.batchSize() ? 1 : settings.maxInFlight());
    }

    private long renewInterval() {
        return settings.lease().toNanos() / 3;
    }

    private record Sent(Page page, CompletableFuture<Void> done, long at) {}

    /** The transport failed; the cause tells why. */
    static final class RelayFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RelayFailure(CompletionException failed) {
            super(failed.getMessage(), failed.getCause());
        }
    }

    /** Another relay has taken over, or may have. */
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeaseLost() {
            super("the lease is over");
        }
    }
}
