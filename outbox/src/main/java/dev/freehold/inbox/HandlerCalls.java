package dev.freehold.inbox;

import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.StoredEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.transaction.support.TransactionOperations;

/** The {@link OutboxHandler} methods of a service, by the type that they take. */
final class HandlerCalls {

    /** Under which handled events are noted. */
    static final String CONSUMER = "outbox-handler";

    private final Map<String, ListenerMethod> methods = new HashMap<>();
    private final InboxStore store;
    private final TransactionOperations transaction;
    private final ListenerCalls calls;

    HandlerCalls(Collection<?> beans, InboxStore store, TransactionOperations transaction, ListenerCalls calls) {
        this.store = store;
        this.transaction = transaction;
        this.calls = calls;
        for (Object bean : beans) {
            ListenerMethod.handlersOf(bean, CONSUMER).forEach(this::add);
        }
    }

    private void add(ListenerMethod added) {
        ListenerMethod other = methods.putIfAbsent(added.type(), added);
        if (other != null) {
            throw ListenerMethod.wrong(
                    added.method(),
                    "takes '%s', as %s.%s does"
                            .formatted(
                                    added.type(),
                                    other.method().getDeclaringClass().getName(),
                                    other.method().getName()),
                    "Call the one from the other: an event is taken once.");
        }
    }

    boolean takes(StoredEvent event) {
        return methods.containsKey(event.type());
    }

    /** Once for each event. */
    void call(StoredEvent event) {
        ListenerMethod method = methods.get(event.type());
        if (method == null) {
            throw new IllegalStateException("nobody takes type " + event.type());
        }
        InboxMessage message = new InboxMessage(context(event), event.payload());
        transaction.executeWithoutResult(status -> {
            if (!store.note(CONSUMER, List.of(event.id())).isEmpty()) {
                calls.call(method, calls.read(method, message), message.context());
            }
        });
    }

    private static EventContext context(StoredEvent event) {
        String traceparent = event.traceparent();
        return new EventContext(
                event.id(),
                event.type(),
                event.version(),
                "",
                event.key(),
                event.time(),
                event.topic(),
                0,
                0,
                traceparent == null ? Map.of() : Map.of("traceparent", traceparent));
    }
}
