package dev.freehold.benchmark.freehold;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sends to the topic of the run, where an event class names one for good. */
record TopicOfTheRun(OutboxTransport kafka, String topic) implements OutboxTransport {

    @Override
    public Session open(String shard) {
        return new Redirected(kafka.open(shard), topic);
    }

    @Override
    public void prepare() {
        kafka.prepare();
    }

    @Override
    public void close() {
        kafka.close();
    }

    private record Redirected(Session session, String topic) implements Session {

        @Override
        public Optional<Mark> mark() {
            return session.mark();
        }

        @Override
        public Optional<String> obstacle(StoredEvent event) {
            return session.obstacle(to(topic, event));
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            List<StoredEvent> redirected =
                    events.stream().map(event -> to(topic, event)).toList();
            return session.send(redirected, mark).exceptionally(Redirected::inTermsOfTheEvent);
        }

        /** The relay knows the event, and its key, by the topic that it was stored with. */
        private static Void inTermsOfTheEvent(Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof Refused refused) {
                StoredEvent stored = to(OrderPlaced.TOPIC, refused.event());
                throw new Refused(stored, String.valueOf(refused.getMessage()), refused);
            }
            throw new CompletionException(cause);
        }

        private static StoredEvent to(String topic, StoredEvent event) {
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
            session.close();
        }
    }
}
