package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxException;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Publishes application events of {@link OutboxEvent} classes: those given to Spring's {@code
 * ApplicationEventPublisher}, and those that Spring Data takes from an {@code AbstractAggregateRoot}.
 *
 * <p>What looks like such an event and is none, a subclass or a collection of them, is refused rather than passed over.
 */
final class OutboxEventBridge implements ApplicationListener<ApplicationEvent> {

    private static final ClassValue<Boolean> LOOKS_LIKE_EVENT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            for (Class<?> each = type; each != null; each = each.getSuperclass()) {
                if (AnnotatedElementUtils.hasAnnotation(each, OutboxEvent.class)) {
                    return true;
                }
            }
            return false;
        }
    };

    private final Outbox outbox;

    OutboxEventBridge(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        Object payload = event instanceof PayloadApplicationEvent<?> wrapper ? wrapper.getPayload() : event;
        if (LOOKS_LIKE_EVENT.get(payload.getClass())) {
            outbox.publish(payload);
        } else if (payload instanceof Iterable<?> several) {
            several.forEach(OutboxEventBridge::refuseEvent);
        }
    }

    private static void refuseEvent(Object element) {
        if (element != null && LOOKS_LIKE_EVENT.get(element.getClass())) {
            throw new OutboxException(
                    "A collection with events of %s was published."
                            .formatted(element.getClass().getName()),
                    "Publish its elements one by one; one transaction still stores them in one batch.");
        }
    }

    /** On the publishing thread, whatever multicaster is used: the event belongs to its transaction. */
    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }
}
