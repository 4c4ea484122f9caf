package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.OutboxTransport;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events to Kafka as CloudEvents 1.0 in binary mode, keyed by the event's key, with {@code acks=all} and an
 * idempotent producer; in Kafka transactions if that is asked for.
 */
public final class KafkaOutboxTransport implements OutboxTransport {

    private final Delivery delivery;
    private final Map<String, Object> producerProperties;
    private final String source;
    private final KafkaBroker broker;
    private final CloudEventRecords records;
    private final Obstacles obstacles;

    /** As the other, {@link Delivery#AT_LEAST_ONCE}. */
    public KafkaOutboxTransport(Map<String, ?> properties, String source) {
        this(properties, source, Delivery.AT_LEAST_ONCE);
    }

    /**
     * @param properties Kafka's producer properties: connection, security, tuning; serializers, {@code acks},
     *     idempotence, retries and timeouts that the order depends on are set here
     * @param source CloudEvents {@code source} of this service's events, a URI reference such as {@code /order-service};
     *     with exactly-once delivery no two services on a Kafka cluster may have the same
     * @param delivery how often a consumer may see an event
     * @throws OutboxException if a property would weaken what the outbox promises
     */
    public KafkaOutboxTransport(Map<String, ?> properties, String source, Delivery delivery) {
        this.delivery = delivery;
        this.producerProperties = ProducerProperties.of(properties, delivery);
        this.source = source;
        this.broker = new KafkaBroker(properties);
        this.records = new CloudEventRecords(source);
        this.obstacles = new Obstacles(broker, records, producerProperties);
    }

    @Override
    public Session open(String shard) {
        return switch (delivery) {
            case AT_LEAST_ONCE -> new PipelinedSession(producerProperties, records, obstacles);
            case EXACTLY_ONCE ->
                TransactionalSession.open(
                        producerProperties, records, obstacles, broker, "freehold-outbox" + source + "/" + shard);
        };
    }

    /** Once in a while of a process: most of the time of a first producer goes into loading and compiling its code. */
    @Override
    public void prepare() {
        try (Producer<byte[], byte[]> first =
                new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer())) {
            broker.prepare();
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
