package dev.freehold.outbox;

import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for wake-ups of other processes while a relay runs, on a thread of its own. */
final class WakeUpListener implements OutboxStore.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final Supplier<OutboxStore> stores;
    private final Consumer<OutboxStore.WakeUp> relay;
    private final Signal ending = new Signal();
    private volatile boolean listening = true;

    private WakeUpListener(Supplier<OutboxStore> stores, Consumer<OutboxStore.WakeUp> relay) {
        this.stores = stores;
        this.relay = relay;
    }

    static WakeUpListener start(String name, Supplier<OutboxStore> stores, Consumer<OutboxStore.WakeUp> relay) {
        WakeUpListener listener = new WakeUpListener(stores, relay);
        Thread thread = new Thread(listener::run, "outbox-listen-" + name);
        thread.setDaemon(true);
        thread.start();
        return listener;
    }

    private void run() {
        while (listening) {
            try {
                OutboxStore.WakeUps wakeUps = stores.get().wakeUps();
                if (!wakeUps.canListen()) {
                    return;
                }
                wakeUps.listen(this);
            } catch (SQLException | RuntimeException e) { // polling goes on meanwhile
                log.debug("Wake-ups of other processes cannot be heard now", e);
                ending.await(PAUSE_NANOS);
            }
        }
    }

    @Override
    public boolean isListening() {
        return listening;
    }

    @Override
    public void wakeUp(OutboxStore.WakeUp what) {
        relay.accept(what);
    }

    /** The thread ends by itself within a second. */
    @Override
    public void close() {
        listening = false;
        ending.raise();
    }
}
