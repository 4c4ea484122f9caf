package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
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
    private final KafkaBroker broker;
    private final Set<String> knownTopics = new HashSet<>();

    PipelinedSession(Map<String, Object> producerProperties, CloudEventRecords records, KafkaBroker broker) {
        this.producer = new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer());
        this.records = records;
        this.broker = broker;
    }

    @Override
    public CompletableFuture<Void> send(List<StoredEvent> events, OutboxTransport.Mark mark) {
        Batch batch = new Batch(events.size());
        for (StoredEvent event : events) {
            try {
                if (knownTopics.add(event.topic())) {
                    broker.requireTopic(event.topic());
                }
                var unused = producer.send(records.of(event), batch); // the callback is told
            } catch (RuntimeException e) { // the producer was closed by a failed record, or cannot take this one
                batch.fail(e);
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
    private final class Batch extends CompletableFuture<Void> implements Callback {

        private final AtomicInteger missing;

        Batch(int size) {
            this.missing = new AtomicInteger(size);
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure != null) {
                fail(failure);
            } else if (missing.decrementAndGet() == 0) {
                complete(null);
            }
        }

        void fail(Exception failure) {
            producer.close(Duration.ZERO);
            completeExceptionally(failure);
        }
    }
}
