package dev.freehold.outbox;

import dev.freehold.outbox.Shares.Seat;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards that one relay holds. Confined to the relay's thread, but for what says otherwise.
 *
 * <ol>
 *   <li>When it begins, the relay says how many shards there are to be. Whoever said so last is heeded.
 *   <li>Now and then it looks who has which of them. It takes those that are free, up to its share, and gives back what it has
 *       beyond it; one that has been free for the time of a lease it takes anyhow. A relay that pauses after a failure
 *       takes no part in the sharing, so that the others' shares are larger.
 *   <li>A shard that failed is taken again after a pause. If it fails again and again, it is given back before, so that another
 *       relay may try.
 *   <li>While the number of shards is changed, it takes whatever step is due, as all the others do; see {@link Stage.Phase}.
 *   <li>If there is but one shard, and this relay has it, there is nothing to look for.
 * </ol>
 */
final class RelayShards {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final long CHANGE_NANOS = 50_000_000;
    private static final long SHORTLY_NANOS = 40_000_000;
    private static final int LOOKS_A_LEASE = 5;
    private static final int PATIENCE = 3;
    private static final int AFTER_REFUSAL = 32;

    /** The relay itself, among shards. */
    private static final int NONE = -1;

    private final RelayContext context;
    private final RelaySettings settings;
    private final Runnable wakeUp;
    private final Map<Integer, ShardWorker> workers = new ConcurrentHashMap<>();
    private final Map<Integer, Backoff> backoffs = new HashMap<>();
    private final Set<Integer> refused = new HashSet<>();
    private final Backoff own;
    private boolean told;
    private boolean attending;
    private boolean changing;
    private boolean prepared;
    private volatile int known;

    /**
     * @param wakeUp lets the relay's thread look at once; called by others
     */
    RelayShards(RelayContext context, Runnable wakeUp) {
        this.context = context;
        this.settings = context.settings;
        this.wakeUp = wakeUp;
        this.own = new Backoff(settings.maxBackoff());
    }

    /** Numbers of the shards that are being served. Called by any thread. */
    SortedSet<Integer> served() {
        SortedSet<Integer> served = new TreeSet<>();
        workers.forEach((shard, worker) -> {
            if (worker.isActive()) {
                served.add(shard);
            }
        });
        return served;
    }

    /** Whether every shard is served by this relay, as far as it knows. Called by any thread. */
    boolean servesAll() {
        return known > 0 && served().size() == known;
    }

    /** How many there are, as far as it knows. Called by any thread. */
    int inAll() {
        return known;
    }

    /** Called by any thread. */
    void tellOfWork() {
        workers.values().forEach(ShardWorker::tellOfWork);
    }

    /** Called by any thread. */
    void ask() {
        workers.values().forEach(ShardWorker::ask);
    }

    /** Does what there is to do; returns in how many nanoseconds there may be something again. */
    long tend() {
        try {
            workers.values().stream().filter(ShardWorker::isOver).toList().forEach(this::settle);
            if (hasAllThatThereIs()) {
                return lookInterval();
            }
            long pause = look();
            own.succeeded();
            context.counters.succeeded(NONE);
            return pause;
        } catch (SQLException | RuntimeException e) { // whatever it is, the events are safe, and it is tried again
            context.counters.failed(NONE, e);
            logFailure(own.failed(), e);
            return own.nanosLeft();
        }
    }

    private boolean hasAllThatThereIs() {
        return told
                && !changing
                && known == 1
                && workers.size() == 1
                && workers.values().stream().noneMatch(ShardWorker::isChanging);
    }

    private long lookInterval() {
        return Backoff.jittered(settings.lease().toNanos() / LOOKS_A_LEASE);
    }

    private void settle(ShardWorker worker) {
        workers.remove(worker.shard());
        Backoff backoff = backoffs.computeIfAbsent(worker.shard(), shard -> new Backoff(settings.maxBackoff()));
        if (worker.hasProgressed()) {
            backoff.succeeded();
        }
        if (worker.isRefused()) {
            refused.add(worker.shard());
        } else {
            refused.remove(worker.shard());
        }
        Throwable failure = worker.failure();
        if (failure != null) {
            context.counters.failed(worker.shard(), failure);
            int failures = backoff.failed();
            logFailure(failures, failure);
            if (failures >= PATIENCE) {
                giveUp(worker);
            }
        }
    }

    private void giveUp(ShardWorker worker) {
        try {
            worker.giveUp();
        } catch (SQLException | RuntimeException e) { // it will be over soon
            log.debug("Outbox relay of {} could not give back a lease", context.name, e);
        }
    }

    private void logFailure(int failures, Throwable failure) {
        if (failures == 1) {
            log.warn("Outbox relay of {} cannot publish now, tries again, and nothing is lost", context.name, failure);
        } else {
            log.warn("Outbox relay of {} cannot publish, attempt {}: {}", context.name, failures, failure.toString());
        }
    }

    private long look() throws SQLException {
        ShardStore store = context.store().shards();
        Shares shares = store.look(context.owner, settings.shards(), settings.lease());
        if (!told && shares.wanted() != settings.shards()) {
            log.info(
                    "Outbox relay of {} changes the number of shards from {} to {}",
                    context.name,
                    shares.seats().size(),
                    settings.shards());
            store.want(settings.shards());
            shares = store.look(context.owner, settings.shards(), settings.lease());
        }
        told = true;
        changing = shares.isChanging();
        if (changing && store.change()) {
            ask();
            context.tellOthers();
            shares = store.look(context.owner, settings.shards(), settings.lease());
            changing = shares.isChanging();
        }
        known = shares.seats().size();
        takePart(shares, store);
        giveBack(shares);
        long pause = take(shares);
        prepare();
        return changing ? Math.min(CHANGE_NANOS, pause) : pause;
    }

    /** Once, while there is nothing to serve. */
    private void prepare() {
        if (!prepared && workers.isEmpty()) {
            prepared = true;
            try {
                context.transport.prepare();
            } catch (RuntimeException e) { // then the first session opens as slowly as it does
                log.debug("Outbox relay of {} could not prepare", context.name, e);
            }
        }
    }

    private void takePart(Shares shares, ShardStore store) throws SQLException {
        boolean able = backoffs.values().stream().allMatch(backoff -> backoff.nanosLeft() <= 0);
        if (shares.seats().size() > 1 && able) {
            store.attend(context.owner, settings.lease());
            if (!attending) {
                attending = true;
                context.tellOthers();
            }
        } else if (attending) {
            store.leave(context.owner);
            attending = false;
        }
    }

    private void giveBack(Shares shares) {
        long held =
                workers.values().stream().filter(worker -> !worker.isStopping()).count();
        workers.values().stream()
                .filter(worker -> !worker.isStopping())
                .sorted(Comparator.comparingInt(ShardWorker::shard).reversed())
                .limit(Math.max(0, held - shares.fairShare()))
                .forEach(worker -> worker.stop(STOP_TIMEOUT));
    }

    private long take(Shares shares) throws SQLException {
        long pause = lookInterval();
        for (Seat seat : shares.seats()) {
            if (mayTake(seat, shares)) {
                Backoff backoff = backoffs.get(seat.shard());
                if (backoff == null || backoff.nanosLeft() <= 0) {
                    take(seat.shard(), firstPageSize(seat.shard(), backoff));
                } else {
                    pause = Math.min(pause, backoff.nanosLeft());
                }
            } else if (!seat.own()) {
                context.counters.succeeded(seat.shard());
                pause = Math.min(pause, untilFree(seat));
            }
        }
        return pause;
    }

    /** Not long after the lease is over, or its owner's death would be noticed late; and not all relays at once. */
    private static long untilFree(Seat seat) {
        return seat.isFree() ? Long.MAX_VALUE : seat.left().toNanos() + Backoff.jittered(SHORTLY_NANOS);
    }

    private boolean mayTake(Seat seat, Shares shares) {
        if (workers.containsKey(seat.shard()) || seat.stage().phase() == Stage.Phase.DONE) {
            return false;
        }
        boolean within = workers.size() < shares.fairShare();
        return seat.own() || seat.longFree() || (seat.isFree() && within);
    }

    /** After a failure a term begins small, so that little is sent again if there is another one. */
    private int firstPageSize(int shard, @Nullable Backoff backoff) {
        if (backoff != null && backoff.isFailing()) {
            return 1;
        }
        return refused.contains(shard) ? Math.min(AFTER_REFUSAL, settings.batchSize()) : settings.batchSize();
    }

    private void take(int shard, int firstPageSize) throws SQLException {
        Optional<Lease> lease = context.store().acquire(context.owner, shard, settings.lease());
        if (lease.isPresent()) {
            workers.put(shard, ShardWorker.start(context, lease.get(), firstPageSize, wakeUp));
        }
    }

    /** Gives everything back, and waits for that. */
    void stop(Duration timeout) {
        workers.values().forEach(worker -> worker.stop(timeout));
        try {
            for (ShardWorker worker : workers.values()) {
                worker.join(timeout.plus(STOP_TIMEOUT));
            }
            if (attending) {
                context.store().shards().leave(context.owner);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) { // the others find out by themselves
            log.debug("Outbox relay of {} could not take its leave", context.name, e);
        }
    }
}
