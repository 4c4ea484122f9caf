package dev.freehold.outbox;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Relays that come and go while there is work, each of which says another number of shards. */
final class Relays implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int MOST = 3;
    private static final int MOST_SHARDS = 4;
    private static final int EVENTS_BETWEEN = 500;

    private final Supplier<OutboxStore> stores;
    private final OutboxTransport transport;
    private final List<DefaultOutboxRelay> running = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile boolean changing = true;
    private @Nullable Thread changer;

    Relays(Supplier<OutboxStore> stores, OutboxTransport transport) {
        this.stores = stores;
        this.transport = transport;
        start();
    }

    private void start() {
        RelaySettings settings = RelaySettings.defaults()
                .withBatch(150, 1 << 20)
                .withPollInterval(Duration.ofMillis(20))
                .withLease(Duration.ofSeconds(2))
                .withShards(ThreadLocalRandom.current().nextInt(1, MOST_SHARDS + 1))
                .withMaxBackoff(Duration.ofMillis(100), Duration.ofMillis(100));
        DefaultOutboxRelay relay = new DefaultOutboxRelay("relay-" + changes.get(), stores, transport, settings);
        relay.start();
        running.add(relay);
    }

    void wakeUp() {
        running.forEach(OutboxRelay::wakeUp);
    }

    /** Starts or stops one whenever there are some events more. */
    void startChanging(IntSupplier events) {
        changer = new Thread(() -> {
            while (changing) {
                int before = events.getAsInt();
                await().atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> !changing || events.getAsInt() > before + EVENTS_BETWEEN);
                change();
            }
        });
        changer.start();
    }

    private void change() {
        boolean start = running.size() == 1
                || (running.size() < MOST && ThreadLocalRandom.current().nextBoolean());
        if (start) {
            start();
        } else {
            running.remove(ThreadLocalRandom.current().nextInt(running.size())).stop(Duration.ofSeconds(10));
        }
        changes.incrementAndGet();
    }

    void stopChanging() throws InterruptedException {
        changing = false;
        Thread last = changer;
        if (last != null) {
            last.join(LIMIT.toMillis());
        }
    }

    int changes() {
        return changes.get();
    }

    @Override
    public void close() {
        running.forEach(relay -> relay.stop(Duration.ofSeconds(10)));
    }
}
