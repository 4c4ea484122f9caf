package dev.freehold.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One relay's time in office for a shard, from taking the lease to losing it or giving it back. Confined to one thread.
 *
 * <ol>
 *   <li>A page is read from where the last one ended, and all its events are handed to the transport at once.
 *   <li>While pages are on their way, up to {@code maxInFlight}, the next ones are read.
 *   <li>When the oldest page is acknowledged, the progress moves behind it; one write notes it, renews the lease and
 *       compares the epoch, ten times a second, or with every {@code maxInFlight} full pages. The progress never passes an
 *       event that is not acknowledged.
 *   <li>If an event cannot be sent, the term ends before anything else is sent; the next one starts from the noted progress. So events may be sent
 *       again, in the same order, and none is left out.
 *   <li>A term after a failure starts with a single event, or a few after a refusal, and doubles with every page that is
 *       acknowledged, so that what stands before an event that cannot be sent gets out, and is not sent again with every attempt.
 *   <li>If the number of shards is changed, it does what the shard's {@link Stage.Phase} asks for, until the shard is done.
 * </ol>
 */
final class RelayTerm {

    private static final long STALL_NANOS = 5_000_000_000L;
    private static final long SHORTEST_POLL_NANOS = 10_000_000;

    /**
     * So often is the progress noted, or with as many events as may be in flight: each note costs a round trip, and leaves a
     * version of one row, which a snapshot may hold; and what is not noted is sent again after a crash.
     */
    private static final long NOTE_NANOS = 100_000_000;

    /** How often to look for the next step while the number of shards is changed. */
    private static final long CHANGE_NANOS = 50_000_000;

    private final OutboxStore store;
    private final PageReader reader;
    private final Outlet outlet;
    private final RelaySettings settings;
    private final Signal signal;
    private final RelayCounters counters;
    private final Lease lease;
    private final Deque<Sent> inFlight = new ArrayDeque<>();

    private final long start;
    private volatile Stage stage;
    private Progress read;
    private Progress acknowledged;
    private Progress noted;
    private volatile boolean asked;
    private int unnoted;
    private boolean more = true;
    private boolean polling;
    private long pollNanos;
    private int pageSize;
    private long renewedAt;
    private long readAt;

    RelayTerm(
            OutboxStore store,
            PageReader reader,
            Outlet outlet,
            RelaySettings settings,
            Signal signal,
            RelayCounters counters,
            Lease lease,
            int firstPageSize) {
        this.store = store;
        this.reader = reader;
        this.outlet = outlet;
        this.settings = settings;
        this.signal = signal;
        this.counters = counters;
        this.lease = lease;
        this.read = lease.start(outlet.mark());
        this.start = read.number();
        this.acknowledged = read;
        this.noted = read;
        this.stage = lease.stage();
        this.pageSize = firstPageSize;
        this.renewedAt = lease.takenAt();
        this.readAt = System.nanoTime();
        this.pollNanos = settings.pollInterval().toNanos();
    }

    /** Whether anything has been published and noted in this term. */
    boolean hasProgressed() {
        return noted.number() != start;
    }

    /** Whether the number of shards is being changed. Called by any thread. */
    boolean isChanging() {
        return !stage.isOpen();
    }

    /** Whether the number of shards is being changed, and this one has nothing more to publish: all of it is noted. */
    boolean isLastDone() {
        return stage.phase() == Stage.Phase.LAST && isIdle() && isAtLast() && noted.equals(read);
    }

    /** To be called before anything else. */
    void begin() throws SQLException {
        store.begin(lease, read);
    }

    /** One round: settle what is acknowledged, note it, read and send more, or wait for something to do. */
    void round() throws SQLException {
        settleAndNote();
        noticeAStall();
        if (stage.phase() == Stage.Phase.CLOSING && isIdle()) {
            close();
        } else if (mayRead()) {
            readAndSend();
        } else if (!isLastDone()) {
            signal.await(untilNextDuty());
        }
    }

    /** Looks soon what has become of the shard. Called by any thread. */
    void ask() {
        asked = true;
        signal.raise();
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
    }

    /** Notes at the end of a term that failed what is acknowledged and not noted yet, or it would be sent again. */
    void noteRest() throws SQLException {
        if (acknowledged.number() != noted.number()) {
            save();
        }
    }

    /** Gives the lease back. */
    void release() throws SQLException {
        store.release(lease, acknowledged);
    }

    /** What is noted now is where the shard stands until all are closed. */
    private void close() throws SQLException {
        save();
        stage = store.complete(lease).orElseThrow(LeaseLost::new);
    }

    private boolean isIdle() {
        return inFlight.isEmpty() && acknowledged.equals(read);
    }

    private boolean isAtLast() {
        String until = stage.until();
        return until != null && read.hasReached(until);
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
            unnoted += sent.page().events().size();
            counters.succeeded(shard());
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
            counters.stalled(shard());
        }
    }

    private void note() throws SQLException {
        if (asked || System.nanoTime() >= renewedAt + noteInterval() || unnoted >= mostUnnoted()) {
            asked = false;
            save();
        }
    }

    private int mostUnnoted() {
        return settings.batchSize() * settings.maxInFlight();
    }

    private long noteInterval() {
        boolean hasSteps = acknowledged.number() != noted.number();
        return hasSteps ? Math.min(NOTE_NANOS, renewInterval()) : renewInterval();
    }

    private void save() throws SQLException {
        long start = System.nanoTime();
        OutboxStore.Noted told =
                store.save(lease, acknowledged, settings.lease()).orElseThrow(LeaseLost::new);
        outlet.knowsOfParkedKeys(told.hasParkedKeys());
        stage = told.stage();
        noted = acknowledged;
        unnoted = 0;
        if (inFlight.isEmpty()) {
            counters.succeeded(shard());
        }
        renewedAt = start;
    }

    private int shard() {
        return lease.shard().number();
    }

    private boolean mayRead() {
        if (isFull()) {
            return false;
        }
        if (!stage.isOpen()) {
            return stage.phase() == Stage.Phase.LAST && !isAtLast();
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
        PageLimit limit = new PageLimit(pageSize, settings.batchBytes(), stage.until());
        Page page = reader.read(read, limit);
        readAt = System.nanoTime();
        more = page.more();
        if (polling) {
            adaptPolling(!page.events().isEmpty());
        }
        if (page.next().equals(read)) {
            return;
        }
        read = page.next();
        if (more && pageSize == settings.batchSize()) {
            reader.readAhead(read, limit);
        }
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
        long renewal = renewedAt + noteInterval() - now;
        long poll = isFull() || !stage.isOpen() ? Long.MAX_VALUE : readAt + pollNanos - now;
        return Math.max(0, Math.min(renewal, poll));
    }

    private boolean isFull() {
        return inFlight.size() >= (pageSize < settings.batchSize() ? 1 : settings.maxInFlight());
    }

    private long renewInterval() {
        return stage.isOpen() ? settings.lease().toNanos() / 3 : CHANGE_NANOS;
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
