package dev.freehold.benchmark.freehold;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends to the topic of the run, where an event class names one for good. */
record TopicOfTheRun(OutboxTransport kafka, String topic) implements OutboxTransport {

    @Override
    public CompletableFuture<Void> send(List<StoredEvent> events) {
        return kafka.send(events.stream().map(this::redirected).toList());
    }

    private StoredEvent redirected(StoredEvent event) {
        return new StoredEvent(
                event.id(),
                topic,
                event.key(),
                event.type(),
                event.version(),
                event.payload(),
                event.traceparent(),
                event.time());
    }

    @Override
    public void reset() {
        kafka.reset();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
