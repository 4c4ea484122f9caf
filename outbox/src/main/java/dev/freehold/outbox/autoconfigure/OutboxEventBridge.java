package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/**
 * Publishes application events of {@link OutboxEvent} classes: those given to Spring's {@code
 * ApplicationEventPublisher}, and those that Spring Data takes from an {@code AbstractAggregateRoot}.
 */
final class OutboxEventBridge implements ApplicationListener<PayloadApplicationEvent<?>> {

    private final Outbox outbox;

    OutboxEventBridge(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<?> event) {
        if (event.getPayload().getClass().isAnnotationPresent(OutboxEvent.class)) {
            outbox.publish(event.getPayload());
        }
    }

    /** On the publishing thread, whatever multicaster is used: the event belongs to its transaction. */
    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }
}
