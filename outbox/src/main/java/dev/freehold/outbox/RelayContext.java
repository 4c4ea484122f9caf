package dev.freehold.outbox;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all parts of a relay work with. The store is asked for when it is needed, since the database may be down before. */
final class RelayContext {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    final String name;
    final String owner;
    final OutboxTransport transport;
    final RelaySettings settings;
    final RelayCounters counters = new RelayCounters();

    private final Supplier<OutboxStore> stores;
    private volatile @Nullable OutboxStore store;

    RelayContext(
            String name,
            String owner,
            Supplier<OutboxStore> stores,
            OutboxTransport transport,
            RelaySettings settings) {
        this.name = name;
        this.owner = owner;
        this.stores = stores;
        this.transport = transport;
        this.settings = settings;
    }

    OutboxStore store() {
        OutboxStore known = store;
        if (known == null) {
            known = stores.get(); // twice at worst, which does no harm
            store = known;
        }
        return known;
    }

    /** There is a lease to be had, or shards are about to change. */
    void tellOthers() {
        try {
            store().wakeUps().send(OutboxStore.WakeUp.LEASE);
        } catch (SQLException | RuntimeException e) { // they look by themselves, if later
            log.debug("Outbox relay of {} could not tell others that there is something to take", name, e);
        }
    }
}
