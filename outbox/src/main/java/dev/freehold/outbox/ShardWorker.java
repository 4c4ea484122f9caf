package dev.freehold.outbox;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One term of a relay for one shard, on a thread of its own. It ends when it is stopped, when it fails, or with its shard. */
final class ShardWorker {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    private final RelayContext context;
    private final Lease lease;
    private final int firstPageSize;
    private final Runnable wakeUp;
    private final Signal signal = new Signal();
    private final Thread thread;

    private volatile @Nullable RelayTerm term;
    private volatile @Nullable Duration stopTimeout;
    private volatile @Nullable Throwable failure;
    private volatile boolean progressed;
    private volatile boolean refused;
    private volatile boolean over;

    private ShardWorker(RelayContext context, Lease lease, int firstPageSize, Runnable wakeUp) {
        this.context = context;
        this.lease = lease;
        this.firstPageSize = firstPageSize;
        this.wakeUp = wakeUp;
        String shard = lease.shard().isWhole() ? "" : "-" + lease.shard().name();
        this.thread = new Thread(this::run, "outbox-shard-" + context.name + shard);
    }

    /**
     * @param firstPageSize how many events to begin with
     * @param wakeUp called on the worker's thread, when it is over, and when the number of shards begins to change
     */
    static ShardWorker start(RelayContext context, Lease lease, int firstPageSize, Runnable wakeUp) {
        ShardWorker worker = new ShardWorker(context, lease, firstPageSize, wakeUp);
        worker.thread.setDaemon(true);
        worker.thread.start();
        return worker;
    }

    int shard() {
        return lease.shard().number();
    }

    /** Lets it end when what is on its way has arrived, for which it waits that long. */
    void stop(Duration timeout) {
        stopTimeout = timeout;
        signal.raise();
    }

    boolean isStopping() {
        return stopTimeout != null;
    }

    void join(Duration timeout) throws InterruptedException {
        thread.join(timeout.toMillis());
    }

    void tellOfWork() {
        signal.tellOfWork();
    }

    /** Lets it look soon what has become of its shard. */
    void ask() {
        RelayTerm present = term;
        if (present != null) {
            present.ask();
        }
    }

    boolean isActive() {
        return term != null && !over;
    }

    /** Whether its shard is one of those whose number is being changed. */
    boolean isChanging() {
        RelayTerm present = term;
        return present != null && present.isChanging();
    }

    boolean isOver() {
        return over;
    }

    boolean hasProgressed() {
        return progressed;
    }

    /** Whether it is over because the broker refused an event, whose key is parked now. */
    boolean isRefused() {
        return refused;
    }

    /** Why it is over, null if it was to be or if it can go on at once. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    private void run() {
        try {
            serve();
        } catch (OutboxTransport.Refused e) {
            refused = true;
            log.debug("Outbox relay of {} goes on without what was refused", context.name, e);
        } catch (RelayTerm.LeaseLost e) {
            log.warn(
                    "Outbox relay of {} lost its lease to another one; what was under way may be sent twice",
                    context.name);
        } catch (SQLException
                | RuntimeException
                | Error e) { // whatever it is, the events are safe, and it is tried again
            failure = e;
        } finally {
            over = true;
            wakeUp.run();
        }
    }

    private void serve() throws SQLException {
        logActive();
        OutboxStore store = context.store();
        try (OutboxTransport.Session session =
                        context.transport.open(lease.shard().name());
                ParkedLane lane = new ParkedLane(
                        context.name, store.parked(), context.transport, context.settings, lease, context.counters);
                PageReader reader = new PageReader(store, lease, context.name)) {
            Outlet outlet = new Outlet(lease, store.parked(), session, context.settings, lane, context.counters);
            RelayTerm serving = new RelayTerm(
                    store, reader, outlet, context.settings, signal, context.counters, lease, firstPageSize);
            serving.begin();
            term = serving;
            serve(serving);
            end(serving, lane);
        }
        context.tellOthers();
    }

    private void serve(RelayTerm serving) throws SQLException {
        try {
            while (!isStopping() && !serving.isLastDone()) {
                boolean before = serving.isChanging();
                serving.round();
                if (serving.isChanging() && !before) {
                    wakeUp.run();
                }
            }
        } catch (SQLException | RuntimeException e) {
            noteRest(serving, e);
            throw e;
        } finally {
            progressed = serving.hasProgressed();
        }
    }

    private static void noteRest(RelayTerm failed, Exception failure) {
        try {
            failed.noteRest();
        } catch (SQLException | RuntimeException e) { // then it is sent again
            failure.addSuppressed(e);
        }
    }

    /** Gives the lease back after it is over, with what it has published. */
    void giveUp() throws SQLException {
        RelayTerm present = term;
        if (present == null) {
            context.store().release(lease, lease.noted());
        } else {
            present.release();
        }
        context.tellOthers();
    }

    private void logActive() {
        if (lease.shard().isWhole()) {
            log.info("Outbox relay of {} is active, epoch {}", context.name, lease.epoch());
        } else {
            log.info(
                    "Outbox relay of {} is active, shard {} of {}, epoch {}",
                    context.name,
                    shard(),
                    lease.shard().of(),
                    lease.epoch());
        }
    }

    private void end(RelayTerm serving, ParkedLane lane) throws SQLException {
        Duration timeout = stopTimeout;
        if (timeout != null) {
            serving.finish(timeout);
            lane.close(); // before the next owner opens its own, or both would send what is parked
        } else {
            lane.settle();
            if (context.store().complete(lease).isEmpty()) {
                throw new RelayTerm.LeaseLost();
            }
            log.info("Outbox relay of {} is done with shard {}, whose keys go to others", context.name, shard());
        }
        serving.release();
    }
}
