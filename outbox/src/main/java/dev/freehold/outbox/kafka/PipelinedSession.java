package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends at least once: everything is handed to an idempotent producer as it comes, which never gives up on a record by
 * itself; while the broker is away, records wait in order.
 *
 * <p>If the broker refuses a record for good, the producer is closed in the callback of that record, before another
 * request can leave; with one request in flight nothing of the same partition overtakes it.
 */
final class PipelinedSession implements OutboxTransport.Session {

    private final Producer<byte[], byte[]> producer;
    private final CloudEventRecords records;
    private final Obstacles obstacles;

    PipelinedSession(Map<String, Object> producerProperties, CloudEventRecords records, Obstacles obstacles) {
        this.producer = new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer());
        this.records = records;
        this.obstacles = obstacles;
    }

    @Override
    public Optional<String> obstacle(StoredEvent event) {
        return obstacles.to(event);
    }

    @Override
    public CompletableFuture<Void> send(List<StoredEvent> events, OutboxTransport.Mark mark) {
        Batch batch = new Batch(events.size());
        for (StoredEvent event : events) {
            try {
                var unused = producer.send(records.of(event), (metadata, failure) -> batch.answered(event, failure));
            } catch (RuntimeException e) { // the producer was closed by a failed record, or cannot take this one
                batch.fail(obstacles.about(event, e));
            }
            if (batch.isCompletedExceptionally()) {
                return batch;
            }
        }
        return batch;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    /** Counts the acknowledgements of one batch. */
    private final class Batch extends CompletableFuture<Void> {

        private final AtomicInteger missing;

        Batch(int size) {
            this.missing = new AtomicInteger(size);
        }

        void answered(StoredEvent event, @Nullable Exception failure) {
            if (failure != null) {
                fail(obstacles.about(event, failure));
            } else if (missing.decrementAndGet() == 0) {
                complete(null);
            }
        }

        void fail(Throwable failure) {
            producer.close(Duration.ZERO);
            completeExceptionally(failure);
        }
    }
}
