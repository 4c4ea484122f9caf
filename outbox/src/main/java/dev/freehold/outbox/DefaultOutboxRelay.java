package dev.freehold.outbox;

import dev.freehold.outbox.internal.Retention;
import dev.freehold.outbox.internal.TransactionManagers;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tends its shards on a thread of its own, and does beside it what concerns the outbox as a whole. */
final class DefaultOutboxRelay implements OutboxRelay {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** Whoever serves it also empties old parts of the log. */
    private static final int FIRST_SHARD = 0;

    private final String name;
    private final RelayContext context;
    private final OutboxTransport transport;
    private final RelaySettings settings;
    private final Signal signal = new Signal();
    private final WakeUpCalls calls;

    private volatile RelayShards shards;
    private volatile @Nullable Thread thread;
    private @Nullable Retention retention;
    private @Nullable WakeUpListener listener;
    private volatile boolean stopping;
    private volatile Duration stopTimeout = STOP_TIMEOUT;

    /** Asks for the store when the relay runs, since the database may be down before. */
    DefaultOutboxRelay(String name, Supplier<OutboxStore> stores, OutboxTransport transport, RelaySettings settings) {
        String owner = name + "@" + ManagementFactory.getRuntimeMXBean().getName() + "/" + UUID.randomUUID();
        this.name = name;
        this.context = new RelayContext(name, owner, stores, transport, settings);
        this.transport = transport;
        this.settings = settings;
        this.calls = new WakeUpCalls(context::store);
        this.shards = new RelayShards(context, signal::raise);
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        closeHelpers(); // of a thread that has died
        stopping = false;
        shards = new RelayShards(context, signal::raise);
        Thread started = new Thread(this::run, "outbox-relay-" + name);
        started.setDaemon(true);
        thread = started;
        started.start();
        listener = WakeUpListener.start(name, context::store, this::heard);
        retention = Retention.start("outbox-retention-" + name, settings.retention(), this::emptyOldParts);
    }

    private void emptyOldParts() {
        if (!shards.served().contains(FIRST_SHARD)) {
            return;
        }
        try {
            int emptied = context.store().emptyOldParts(settings.retention());
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
        try {
            running.join(timeout.plus(STOP_TIMEOUT).plus(STOP_TIMEOUT).toMillis());
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
        return !shards.served().isEmpty();
    }

    @Override
    public RelayStatus status() {
        return context.counters.status(isRunning(), shards.served(), shards.inAll());
    }

    @Override
    public long republishSince(Instant time) {
        try {
            long events = context.store().rewind(time);
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
            long events = new Republication(context.store(), transport, settings, topic, other).since(time);
            log.info("Outbox of {}: published {} events of topic {} to {}", name, events, topic, other);
            return events;
        } catch (SQLException e) {
            throw OutboxStores.unreachable(e);
        }
    }

    @Override
    public Backlog backlog() {
        try {
            return context.store().backlog();
        } catch (SQLException e) {
            throw OutboxStores.unreachable(e);
        }
    }

    @Override
    public void wakeUp() {
        shards.tellOfWork();
        if (!shards.servesAll()) {
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

    private void heard(OutboxStore.WakeUp what) {
        if (what == OutboxStore.WakeUp.EVENTS) {
            shards.tellOfWork();
        } else {
            shards.ask();
            signal.raise();
        }
    }

    private void run() {
        log.info("Outbox relay of {} started", name);
        while (!stopping) {
            signal.await(shards.tend());
        }
        shards.stop(stopTimeout);
        log.info("Outbox relay of {} stopped", name);
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
