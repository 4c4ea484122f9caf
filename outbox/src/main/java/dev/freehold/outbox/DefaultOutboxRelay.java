package dev.freehold.outbox;

import dev.freehold.outbox.internal.Retention;
import dev.freehold.outbox.internal.TransactionManagers;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one term after the other on a thread of its own, with a pause after each failure. */
final class DefaultOutboxRelay implements OutboxRelay {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private static final String SHARD = "0";

    private final String name;
    private final String owner;
    private final Supplier<OutboxStore> stores;
    private final OutboxTransport transport;
    private final RelaySettings settings;
    private final Signal signal = new Signal();
    private final Signal ending = new Signal();
    private final RelayCounters counters = new RelayCounters();
    private final WakeUpCalls calls = new WakeUpCalls(this::store);

    private volatile @Nullable OutboxStore store;
    private volatile @Nullable Thread thread;
    private @Nullable Retention retention;
    private @Nullable WakeUpListener listener;
    private volatile boolean stopping;
    private volatile boolean active;
    private volatile Duration stopTimeout = STOP_TIMEOUT;
    private int failures;

    /** Asks for the store when the relay runs, since the database may be down before. */
    DefaultOutboxRelay(String name, Supplier<OutboxStore> stores, OutboxTransport transport, RelaySettings settings) {
        this.name = name;
        this.owner = name + "@" + ManagementFactory.getRuntimeMXBean().getName() + "/" + UUID.randomUUID();
        this.stores = stores;
        this.transport = transport;
        this.settings = settings;
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        closeHelpers(); // of a thread that has died
        stopping = false;
        Thread started = new Thread(this::run, "outbox-relay-" + name);
        started.setDaemon(true);
        thread = started;
        started.start();
        listener = WakeUpListener.start(name, this::store, this::heard);
        retention = Retention.start("outbox-retention-" + name, settings.retention(), this::emptyOldParts);
    }

    private void emptyOldParts() {
        if (!isActive()) {
            return;
        }
        try {
            int emptied = store().emptyOldParts(settings.retention());
            if (emptied > 0) {
                log.info(
                        "Outbox of {}: emptied {} parts of the log, all published and older than {}",
                        name,
                        emptied,
                        settings.retention());
            }
        } catch (SQLException | RuntimeException e) { // the events only stay longer than they must
            log.warn("Outbox of {}: old events could not be taken out of the log: {}", name, e.toString());
        }
    }

    @Override
    public synchronized void stop(Duration timeout) {
        Thread running = thread;
        if (running == null) {
            return;
        }
        closeHelpers();
        stopTimeout = timeout;
        stopping = true;
        signal.raise();
        ending.raise();
        try {
            running.join(timeout.plus(STOP_TIMEOUT).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        Thread present = thread;
        return present != null && present.isAlive();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public RelayStatus status() {
        return counters.status(isRunning(), active);
    }

    @Override
    public long republishSince(Instant time) {
        try {
            long events = store().rewind(time);
            log.info("Outbox of {}: everything since {} is published again, {} events", name, time, events);
            return events;
        } catch (SQLException e) {
            throw OutboxStores.unreachable(e);
        }
    }

    @Override
    public long republishSince(Instant time, String topic, String other) {
        EventType.requireTopic(topic);
        EventType.requireTopic(other);
        if (topic.equals(other)) {
            throw new IllegalArgumentException("other must be another topic than " + topic);
        }
        try {
            log.info("Outbox of {}: topic {} since {} is published to {}", name, topic, time, other);
            long events = new Republication(store(), transport, settings, topic, other).since(time);
            log.info("Outbox of {}: published {} events of topic {} to {}", name, events, topic, other);
            return events;
        } catch (SQLException e) {
            throw OutboxStores.unreachable(e);
        }
    }

    @Override
    public Backlog backlog() {
        try {
            return store().backlog();
        } catch (SQLException e) {
            throw OutboxStores.unreachable(e);
        }
    }

    @Override
    public void wakeUp() {
        signal.tellOfWork();
        if (!active) {
            calls.run();
        }
    }

    @Override
    public void close() {
        stop(STOP_TIMEOUT);
        transport.close();
    }

    private void closeHelpers() {
        if (retention != null) {
            retention.close();
        }
        if (listener != null) {
            listener.close();
        }
    }

    private void tellOthers() {
        try {
            store().wakeUps().send(OutboxStore.WakeUp.LEASE);
        } catch (SQLException | RuntimeException e) { // they look by themselves, if later
            log.debug("Outbox relay of {} could not tell others that its lease is free", name, e);
        }
    }

    private void heard(OutboxStore.WakeUp what) {
        if (what == OutboxStore.WakeUp.EVENTS && active) {
            signal.tellOfWork();
        } else if (what == OutboxStore.WakeUp.LEASE && !active) {
            ending.raise();
        }
    }

    private void run() {
        log.info("Outbox relay of {} started", name);
        while (!stopping) {
            try {
                Optional<Lease> lease = store().acquire(owner, settings.lease());
                if (lease.isPresent()) {
                    serve(lease.get());
                } else {
                    failures = 0;
                    counters.succeeded();
                    ending.await(jittered(settings.lease().dividedBy(5)));
                }
            } catch (OutboxTransport.Refused e) {
                log.debug("Outbox relay of {} goes on without what was refused", name, e);
            } catch (RelayTerm.LeaseLost e) {
                log.warn(
                        "Outbox relay of {} lost its lease to another one; what was under way may be sent twice", name);
            } catch (SQLException | RuntimeException e) { // whatever it is, the events are safe, and it is tried again
                pauseAfter(e);
            }
        }
        log.info("Outbox relay of {} stopped", name);
    }

    private OutboxStore store() {
        OutboxStore known = store;
        if (known == null) {
            known = stores.get(); // twice at worst, which does no harm
            store = known;
        }
        return known;
    }

    private void serve(Lease lease) throws SQLException {
        log.info("Outbox relay of {} is active, epoch {}", name, lease.epoch());
        active = true;
        try (OutboxTransport.Session session = transport.open(SHARD);
                ParkedLane lane = new ParkedLane(name, SHARD, store().parked(), transport, settings, lease, counters)) {
            Outlet outlet = new Outlet(store().parked(), session, settings, lane, counters);
            RelayTerm term = new RelayTerm(
                    store(), outlet, settings, signal, counters, lease, failures == 0 ? settings.batchSize() : 1);
            while (!stopping) {
                term.round();
                failures = term.hasProgressed() ? 0 : failures;
            }
            term.finish(stopTimeout);
            tellOthers();
        } finally {
            active = false;
        }
    }

    private void pauseAfter(Exception failure) {
        failures++;
        counters.failed(failure);
        long exponential = FIRST_BACKOFF.toNanos() << Math.min(failures - 1, 20);
        Duration pause =
                Duration.ofNanos(Math.min(exponential, settings.maxBackoff().toNanos()));
        if (failures == 1) {
            log.warn("Outbox relay of {} cannot publish now, tries again, and nothing is lost", name, failure);
        } else {
            log.warn("Outbox relay of {} cannot publish, attempt {}: {}", name, failures, failure.toString());
        }
        long end = System.nanoTime() + jittered(pause);
        while (!stopping && end - System.nanoTime() > 0) {
            ending.await(end - System.nanoTime());
        }
    }

    /** Three quarters to five quarters of the time, so that relays do not act in step. */
    private static long jittered(Duration duration) {
        return (long) (duration.toNanos() * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
    }

    /** Collects what a relay needs. */
    static final class Builder implements OutboxRelay.Builder {

        private String name = "outbox";
        private @Nullable DataSource dataSource;
        private @Nullable OutboxTransport transport;
        private RelaySettings settings = RelaySettings.defaults();

        @Override
        public OutboxRelay.Builder dataSource(DataSource ownDatabase) {
            this.dataSource = TransactionManagers.unwrap(ownDatabase);
            return this;
        }

        @Override
        public OutboxRelay.Builder transport(OutboxTransport carrier) {
            this.transport = carrier;
            return this;
        }

        @Override
        public OutboxRelay.Builder name(String service) {
            this.name = service;
            return this;
        }

        @Override
        public OutboxRelay.Builder settings(RelaySettings limits) {
            this.settings = limits;
            return this;
        }

        @Override
        public OutboxRelay build() {
            if (dataSource == null) {
                throw new OutboxException("The relay has no DataSource.", "Call dataSource(…) with the service's own.");
            }
            if (transport == null) {
                throw new OutboxException(
                        "The relay has no transport.", "Call transport(…), with a KafkaOutboxTransport for Kafka.");
            }
            DataSource database = dataSource;
            return new DefaultOutboxRelay(
                    name, () -> OutboxStores.of(database, settings.retention()), transport, settings);
        }
    }
}
