package dev.freehold.benchmark.freehold;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Sends to the topic of the run, where an event class names one for good. */
record TopicOfTheRun(OutboxTransport kafka, String topic) implements OutboxTransport {

    @Override
    public Session open(String shard) {
        Session session = kafka.open(shard);
        return new Session() {
            @Override
            public Optional<Mark> mark() {
                return session.mark();
            }

            @Override
            public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
                return session.send(
                        events.stream().map(TopicOfTheRun.this::redirected).toList(), mark);
            }

            @Override
            public void close() {
                session.close();
            }
        };
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
    public void close() {
        kafka.close();
    }
}
