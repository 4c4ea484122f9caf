package dev.freehold.inbox;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/** The inbox in memory, with transactions one after the other; for tests. */
final class InMemoryInboxStore implements InboxStore, TransactionOperations {

    private final Clock clock = Clock.systemUTC();
    private volatile State committed = new State(Set.of(), List.of(), Map.of());
    private State state = committed;
    private boolean inTransaction;

    @Override
    public synchronized <T extends @Nullable Object> T execute(TransactionCallback<T> action)
            throws TransactionException {
        if (inTransaction) {
            return action.doInTransaction(new SimpleTransactionStatus());
        }
        state = new State(committed.noted, committed.parked, committed.newest);
        inTransaction = true;
        try {
            T result = action.doInTransaction(new SimpleTransactionStatus());
            committed = state;
            return result;
        } finally {
            state = committed;
            inTransaction = false;
        }
    }

    @Override
    public boolean isInTransaction() {
        return Thread.holdsLock(this) || InboxStore.super.isInTransaction();
    }

    @Override
    public Set<UUID> note(String consumer, List<UUID> ids) {
        return ids.stream()
                .filter(id -> state.noted.add(List.of(consumer, id)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Set<String> parked(String consumer, Set<String> keys) {
        return of(consumer).map(Parked::key).filter(keys::contains).collect(Collectors.toSet());
    }

    private java.util.stream.Stream<Parked> of(String consumer) {
        return state.parked.stream().filter(parked -> parked.consumer().equals(consumer));
    }

    @Override
    public void lock(String consumer, Set<String> keys) {
        // transactions come one after the other
    }

    @Override
    public void park(String consumer, InboxMessage message, String cause) {
        Parked parked = new Parked(consumer, new ParkedMessage(message, cause, clock.instant()));
        if (of(consumer).noneMatch(present -> present.id().equals(parked.id()))) {
            state.parked.add(parked);
        }
    }

    @Override
    public List<String> parkedKeys(String consumer) {
        return of(consumer).map(Parked::key).distinct().toList();
    }

    @Override
    public List<ParkedMessage> parkedMessages(String consumer, int limit) {
        return of(consumer).limit(limit).map(Parked::message).toList();
    }

    @Override
    public boolean discard(String consumer, UUID id) {
        return state.parked.removeIf(
                parked -> parked.consumer().equals(consumer) && parked.id().equals(id));
    }

    @Override
    public Optional<InboxMessage> takeFirst(String consumer, String key) {
        Optional<Parked> first =
                of(consumer).filter(parked -> parked.key().equals(key)).findFirst();
        first.ifPresent(state.parked::remove);
        return first.map(parked -> parked.message().message());
    }

    @Override
    public boolean isPresent(String consumer, String type, String key, long version) {
        Long known = state.newest.get(List.of(consumer, type, key));
        if (known != null && known > version) {
            return false;
        }
        state.newest.put(List.of(consumer, type, key), version);
        return true;
    }

    @Override
    public void forgetNewest(String consumer, String type, String key) {
        state.newest.remove(List.of(consumer, type, key));
    }

    /** What is committed is changed no more, so nobody has to wait for the transaction that runs. */
    @Override
    public Map<Awaited, Awaited.Fate> look(List<Awaited> awaited) {
        State present = committed;
        Map<Awaited, Awaited.Fate> found = new HashMap<>();
        for (Awaited one : awaited) {
            if (present.noted.contains(List.of(one.consumer(), one.id()))) {
                found.put(one, Awaited.Fate.HANDLED);
            } else if (present.parked.stream().anyMatch(parked -> parked.is(one))) {
                found.put(one, Awaited.Fate.PARKED);
            }
        }
        return found;
    }

    @Override
    public int emptyOldParts() {
        return 0;
    }

    /** Everything that is kept; a copy of what it is made of. */
    private static final class State {
        private final Set<Object> noted;
        private final List<Parked> parked;
        private final Map<Object, Long> newest;

        State(Set<Object> noted, List<Parked> parked, Map<Object, Long> newest) {
            this.noted = new HashSet<>(noted);
            this.parked = new ArrayList<>(parked);
            this.newest = new HashMap<>(newest);
        }
    }

    /** A parked message of a consumer. */
    private record Parked(String consumer, ParkedMessage message) {

        String key() {
            return message.message().context().key();
        }

        UUID id() {
            return message.message().context().id();
        }

        boolean is(Awaited awaited) {
            return consumer.equals(awaited.consumer()) && id().equals(awaited.id());
        }
    }
}
