package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to Kafka as CloudEvents 1.0 in binary mode, keyed by the event's key, with {@code acks=all} and an
 * idempotent producer that never gives up on a record by itself: while the broker is away, records wait in order.
 *
 * <p>If the broker refuses a record for good, the producer is closed in the callback of that record, before another
 * request can leave; with one request in flight nothing of the same partition overtakes it.
 */
public final class KafkaOutboxTransport implements OutboxTransport {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, Object> producerProperties;
    private final CloudEventRecords records;
    private final KafkaTopics topics;
    private final Set<String> knownTopics = ConcurrentHashMap.newKeySet();
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * @param properties Kafka's producer properties: connection, security, tuning; serializers, {@code acks},
     *     idempotence, retries and timeouts that the order depends on are set here
     * @param source CloudEvents {@code source} of this service's events, a URI reference such as {@code /order-service}
     * @throws OutboxException if a property would weaken what the outbox promises
     */
    public KafkaOutboxTransport(Map<String, ?> properties, String source) {
        this.producerProperties = ProducerProperties.of(properties);
        this.records = new CloudEventRecords(source);
        this.topics = new KafkaTopics(properties);
    }

    @Override
    public CompletableFuture<Void> send(List<StoredEvent> events) {
        Producer<byte[], byte[]> current = producer();
        Batch batch = new Batch(events.size(), current);
        for (StoredEvent event : events) {
            if (knownTopics.add(event.topic()) && !found(event.topic(), batch)) {
                return batch;
            }
            try {
                var unused = current.send(records.of(event), batch); // the callback is told
            } catch (RuntimeException e) { // the producer was closed by a failed record, or cannot take this one
                batch.fail(e);
            }
            if (batch.isCompletedExceptionally()) {
                return batch;
            }
        }
        return batch;
    }

    private boolean found(String topic, Batch batch) {
        try {
            topics.require(topic);
            return true;
        } catch (RuntimeException e) {
            knownTopics.remove(topic);
            batch.fail(e);
            return false;
        }
    }

    private Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    @Override
    public void reset() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
        knownTopics.clear();
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_TIMEOUT);
            producer = null;
        }
        topics.close();
    }

    /** Counts the acknowledgements of one batch. */
    private static final class Batch extends CompletableFuture<Void> implements Callback {

        private final AtomicInteger missing;
        private final Producer<byte[], byte[]> sentBy;

        Batch(int size, Producer<byte[], byte[]> sentBy) {
            this.missing = new AtomicInteger(size);
            this.sentBy = sentBy;
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
            sentBy.close(Duration.ZERO);
            completeExceptionally(failure);
        }
    }
}
