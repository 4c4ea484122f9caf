package dev.freehold.outbox;

import java.time.Clock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** Hands events over instead of storing them. */
final class InMemoryOutbox implements Outbox {

    private static final int LARGEST_PAYLOAD = 900 << 10;

    private final EventWriter writer;
    private final Consumer<StoredEvent> published;

    InMemoryOutbox(JsonMapper json, Consumer<StoredEvent> published) {
        this.writer = new EventWriter(
                new EventTypes(), json, PayloadCodec.NONE, LARGEST_PAYLOAD, () -> null, Clock.systemUTC());
        this.published = published;
    }

    @Override
    public UUID publish(Object event) {
        StoredEvent stored = writer.stored(writer.typeOf(event), event);
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            pending().add(stored);
        } else {
            handOver(List.of(stored));
        }
        return stored.id();
    }

    private void handOver(List<StoredEvent> committed) {
        CommittedEvents.add(committed);
        committed.forEach(published);
    }

    private List<StoredEvent> pending() {
        for (TransactionSynchronization present : TransactionSynchronizationManager.getSynchronizations()) {
            if (present instanceof Pending pending && pending.outbox() == this) {
                return pending.events();
            }
        }
        Pending pending = new Pending(this, new ArrayList<>(), new IdentityHashMap<>());
        TransactionSynchronizationManager.registerSynchronization(pending);
        return pending.events();
    }

    /** The events of the thread's transaction. */
    private record Pending(InMemoryOutbox outbox, List<StoredEvent> events, IdentityHashMap<Object, Integer> savepoints)
            implements TransactionSynchronization {

        @Override
        public void savepoint(Object savepoint) {
            savepoints.put(savepoint, events.size());
        }

        @Override
        public void savepointRollback(Object savepoint) {
            int size = savepoints.getOrDefault(savepoint, 0); // none of them, if it came before the first
            events.subList(size, events.size()).clear();
        }

        @Override
        public void afterCommit() {
            outbox.handOver(events);
        }
    }
}
