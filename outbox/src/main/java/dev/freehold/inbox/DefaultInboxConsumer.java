package dev.freehold.inbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Handles batches of messages.
 *
 * <ol>
 *   <li>A transaction begins; messages whose key is parked are parked behind it.
 *   <li>The ids of all others are inserted in one statement; the database tells which of them are new. If another
 *       transaction has inserted one of them and is still open, the statement waits for its outcome.
 *   <li>The new messages are handed to their handlers in order, and the transaction commits. So ids and effects stand or
 *       fall together.
 *   <li>If anything fails, the batch is handled again in two halves, one after the other, and so on down to single
 *       messages. What was committed before is recognised by its id.
 *   <li>A message that fails alone is tried again with pauses, and then parked in a transaction of its own.
 *   <li>If the database cannot be reached, nothing is parked: the failure goes to the caller, who delivers again.
 * </ol>
 */
final class DefaultInboxConsumer implements InboxConsumer {

    private static final Logger log = LoggerFactory.getLogger(InboxConsumer.class);

    private final String group;
    private final GroupListeners listeners;
    private final InboxStore store;
    private final TransactionOperations transaction;
    private final ListenerCalls calls;
    private final InboxSettings settings;
    private final WaitingReaders readers;
    private final InboxCounters counters = new InboxCounters();

    DefaultInboxConsumer(
            String group,
            Collection<ListenerMethod> methods,
            InboxStore store,
            TransactionOperations transaction,
            ListenerCalls calls,
            InboxSettings settings,
            WaitingReaders readers) {
        this.group = group;
        this.listeners = new GroupListeners(group, methods);
        this.store = store;
        this.transaction = transaction;
        this.calls = calls;
        this.settings = settings;
        this.readers = readers;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Set<String> topics() {
        return listeners.topics();
    }

    @Override
    public Duration retention() {
        return settings.retention();
    }

    @Override
    public void handle(List<InboxMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        RuntimeException failure = attempt(messages);
        if (failure == null) {
            return;
        }
        if (messages.size() == 1) {
            handleFailing(messages.get(0), failure);
        } else {
            log.debug("Splitting {} messages of group {}: {}", messages.size(), group, failure.toString());
            int half = messages.size() / 2;
            handle(messages.subList(0, half));
            handle(messages.subList(half, messages.size()));
        }
    }

    private @Nullable RuntimeException attempt(List<InboxMessage> messages) {
        try {
            InboxCounters.Tally tally = new InboxCounters.Tally();
            transaction.executeWithoutResult(status -> handleNew(messages, tally));
            counters.add(tally);
            readers.settled(group, messages);
            return null;
        } catch (RuntimeException e) { // whatever a handler or the commit may throw
            if (DatabaseFailures.isOne(e)) {
                throw e;
            }
            return e;
        }
    }

    private void handleNew(List<InboxMessage> messages, InboxCounters.Tally tally) {
        Set<String> parkedKeys = parkedKeys(messages);
        List<InboxMessage> open = new ArrayList<>(messages.size());
        for (InboxMessage message : messages) {
            if (parkedKeys.contains(message.context().key())) {
                store.park(group, message, "waits behind an earlier message of its key");
                tally.parked();
            } else if (listeners.of(message) != null || settings.unknownType() == InboxSettings.UnknownType.PARK) {
                open.add(message);
            }
        }
        if (open.isEmpty()) {
            return;
        }
        Set<UUID> fresh = new HashSet<>(store.note(
                group, open.stream().map(message -> message.context().id()).toList()));
        for (InboxMessage message : open) {
            if (fresh.remove(message.context().id())) {
                handleNew(message, tally);
            } else {
                tally.duplicate();
            }
        }
    }

    private void handleNew(InboxMessage message, InboxCounters.Tally tally) {
        ListenerMethod listener = listeners.required(message);
        Optional<Object> event = calls.read(listener, message);
        if (isOutdated(message, listener, event)) {
            tally.outdated();
        } else {
            calls.call(listener, event, message.context());
            tally.handled();
        }
    }

    /** A key that is no more may come again with any version. */
    private boolean isOutdated(InboxMessage message, ListenerMethod listener, Optional<Object> event) {
        EventVersion version = listener.version();
        if (version == null) {
            return false;
        }
        EventContext context = message.context();
        if (event.isEmpty()) {
            store.forgetNewest(group, context.type(), context.key());
            return false;
        }
        return !store.isPresent(group, context.type(), context.key(), version.in(event.get()));
    }

    /** Once a replay that is under way has taken what it takes, and until it sees what is put behind. */
    private Set<String> parkedKeys(List<InboxMessage> messages) {
        Set<String> parkedKeys = store.parked(group, keys(messages));
        if (parkedKeys.isEmpty()) {
            return parkedKeys;
        }
        store.lock(group, parkedKeys);
        return store.parked(group, parkedKeys);
    }

    private static Set<String> keys(List<InboxMessage> messages) {
        return messages.stream().map(message -> message.context().key()).collect(Collectors.toSet());
    }

    private void handleFailing(InboxMessage message, RuntimeException firstFailure) {
        RuntimeException failure = firstFailure;
        for (int attempt = 1; attempt < settings.maxAttempts(); attempt++) {
            if (failure instanceof ListenerMethod.Unreadable) {
                break;
            }
            pause(attempt);
            RuntimeException next = attempt(List.of(message));
            if (next == null) {
                return;
            }
            failure = next;
        }
        park(message, failure);
    }

    private void pause(int attempt) {
        try {
            Thread.sleep(settings.pauseAfter(attempt).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InboxException(
                    "The consumer was interrupted while a message waited for its next attempt.",
                    "Nothing to do: the message is delivered again.",
                    e);
        }
    }

    private void park(InboxMessage message, RuntimeException failure) {
        Throwable cause = failure instanceof ListenerMethod.HandlerFailure && failure.getCause() != null
                ? failure.getCause()
                : failure;
        transaction.executeWithoutResult(status -> store.park(group, message, cause.toString()));
        readers.settled(group, List.of(message));
        InboxCounters.Tally tally = new InboxCounters.Tally();
        tally.parked();
        counters.add(tally);
        log.warn(
                "Parked key '{}' of topic {} in group {}: event {} of type {} failed {} times",
                message.context().key(),
                message.context().topic(),
                group,
                message.context().id(),
                message.context().type(),
                settings.maxAttempts(),
                cause);
    }

    @Override
    public int replay(String key) {
        int handled = 0;
        while (replayFirst(key)) {
            handled++;
        }
        if (handled > 0) {
            log.info("Replayed {} parked messages of key '{}' in group {}", handled, key, group);
        }
        return handled;
    }

    private boolean replayFirst(String key) {
        InboxCounters.Tally tally = new InboxCounters.Tally();
        boolean found = Boolean.TRUE.equals(transaction.execute(status -> replayFirst(key, tally)));
        counters.add(tally);
        return found;
    }

    private boolean replayFirst(String key, InboxCounters.Tally tally) {
        store.lock(group, Set.of(key));
        Optional<InboxMessage> first = store.takeFirst(group, key);
        first.ifPresent(message -> {
            if (store.note(group, List.of(message.context().id())).isEmpty()) {
                tally.duplicate();
            } else {
                handleNew(message, tally);
            }
        });
        return first.isPresent();
    }

    @Override
    public boolean discard(UUID id) {
        boolean discarded = Boolean.TRUE.equals(transaction.execute(status -> {
            store.note(group, List.of(id));
            return store.discard(group, id);
        }));
        if (discarded) {
            log.info("Discarded parked message {} in group {}", id, group);
        }
        return discarded;
    }

    @Override
    public List<ParkedMessage> parked(int limit) {
        List<ParkedMessage> parked = transaction.execute(status -> store.parkedMessages(group, limit));
        return parked == null ? List.of() : parked;
    }

    @Override
    public List<String> parkedKeys() {
        List<String> keys = transaction.execute(status -> store.parkedKeys(group));
        return keys == null ? List.of() : keys;
    }

    @Override
    public InboxStatus status() {
        return counters.status();
    }
}
