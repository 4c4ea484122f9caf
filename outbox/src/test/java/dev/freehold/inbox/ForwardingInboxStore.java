package dev.freehold.inbox;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Another store, which a test changes something about. */
class ForwardingInboxStore implements InboxStore {

    private final InboxStore store;

    ForwardingInboxStore(InboxStore store) {
        this.store = store;
    }

    @Override
    public int isolation() {
        return store.isolation();
    }

    @Override
    public boolean isInTransaction() {
        return store.isInTransaction();
    }

    @Override
    public Set<UUID> note(String consumer, List<UUID> ids) {
        return store.note(consumer, ids);
    }

    @Override
    public Set<String> parked(String consumer, Set<String> keys) {
        return store.parked(consumer, keys);
    }

    @Override
    public void lock(String consumer, Set<String> keys) {
        store.lock(consumer, keys);
    }

    @Override
    public void park(String consumer, InboxMessage message, String cause) {
        store.park(consumer, message, cause);
    }

    @Override
    public List<String> parkedKeys(String consumer) {
        return store.parkedKeys(consumer);
    }

    @Override
    public List<ParkedMessage> parkedMessages(String consumer, int limit) {
        return store.parkedMessages(consumer, limit);
    }

    @Override
    public boolean discard(String consumer, UUID id) {
        return store.discard(consumer, id);
    }

    @Override
    public Optional<InboxMessage> takeFirst(String consumer, String key) {
        return store.takeFirst(consumer, key);
    }

    @Override
    public boolean isPresent(String consumer, String type, String key, long version) {
        return store.isPresent(consumer, type, key, version);
    }

    @Override
    public void forgetNewest(String consumer, String type, String key) {
        store.forgetNewest(consumer, type, key);
    }

    @Override
    public Map<Awaited, Awaited.Fate> look(List<Awaited> awaited) {
        return store.look(awaited);
    }

    @Override
    public int emptyOldParts() throws SQLException {
        return store.emptyOldParts();
    }
}
