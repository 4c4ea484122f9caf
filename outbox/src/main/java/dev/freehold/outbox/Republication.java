package dev.freehold.outbox;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Publishes a part of the log to another topic, beside the relay and whatever it does: in a session of its own, in the order of
 * the log, up to what is committed when it begins.
 */
final class Republication {

    private static final String SESSION = "copy-";

    private final OutboxStore store;
    private final OutboxTransport transport;
    private final RelaySettings settings;
    private final String topic;
    private final String other;
    private final Deque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();
    private long published;

    Republication(OutboxStore store, OutboxTransport transport, RelaySettings settings, String topic, String other) {
        this.store = store;
        this.transport = transport;
        this.settings = settings;
        this.topic = topic;
        this.other = other;
    }

    /** Returns how many events were published. */
    long since(Instant time) throws SQLException {
        Optional<Progress> begin = store.since(time);
        if (begin.isEmpty()) {
            return 0;
        }
        try (OutboxTransport.Session session = transport.open(SESSION + other)) {
            Progress next = begin.get();
            Page page;
            do {
                page = store.readAgain(next, new PageLimit(settings.batchSize(), settings.batchBytes(), null));
                next = page.next();
                send(page, next, session);
            } while (page.more());
            settle(0);
        }
        return published;
    }

    private void send(Page page, Progress next, OutboxTransport.Session session) {
        List<StoredEvent> events = page.events().stream()
                .filter(event -> event.topic().equals(topic))
                .map(this::redirected)
                .toList();
        for (StoredEvent event : events) {
            session.obstacle(event).ifPresent(obstacle -> {
                throw failed("%s, after %d events".formatted(obstacle, published), null);
            });
        }
        if (!events.isEmpty()) {
            settle(settings.maxInFlight() - 1);
            inFlight.add(session.send(events, next.mark(SESSION + other)));
            published += events.size();
        }
    }

    private StoredEvent redirected(StoredEvent event) {
        return new StoredEvent(
                event.id(),
                other,
                event.key(),
                event.type(),
                event.version(),
                event.payload(),
                event.traceparent(),
                event.time());
    }

    private void settle(int stillInFlight) {
        while (inFlight.size() > stillInFlight) {
            try {
                inFlight.remove().join();
            } catch (CompletionException e) {
                throw failed(String.valueOf(e.getCause()), e);
            }
        }
    }

    private OutboxException failed(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        String what = "Not all of topic '%s' was published to '%s': %s.".formatted(topic, other, why);
        String action = "Mend that and begin again: what is there already comes again, with the same ids.";
        return cause == null ? new OutboxException(what, action) : new OutboxException(what, action, cause);
    }
}
