package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

/** Takes connection, security and tuning of Kafka's clients from Boot's factories, where {@code spring.kafka.*} went. */
final class KafkaClients {

    /** What an application may set for its own producers; the relay's guarantees rest on other values. */
    private static final List<String> FIXED = List.of(
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.RETRIES_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
            ProducerConfig.PARTITIONER_CLASS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG);

    private KafkaClients() {}

    static Map<String, Object> producerProperties(ObjectProvider<ProducerFactory<?, ?>> factories) {
        ProducerFactory<?, ?> factory = factories.getIfUnique();
        if (factory == null) {
            throw several("ProducerFactory", "an OutboxTransport bean: new KafkaOutboxTransport(properties, source)");
        }
        Map<String, Object> properties = new HashMap<>(factory.getConfigurationProperties());
        FIXED.forEach(properties::remove);
        return properties;
    }

    static Map<String, Object> consumerProperties(ObjectProvider<ConsumerFactory<?, ?>> factories) {
        ConsumerFactory<?, ?> factory = factories.getIfUnique();
        if (factory == null) {
            throw several(
                    "ConsumerFactory",
                    "a KafkaInbox bean: new KafkaInbox(properties, inbox.consumers(…), concurrency)");
        }
        return factory.getConfigurationProperties();
    }

    private static OutboxException several(String type, String other) {
        return new OutboxException(
                "There are several %s beans, and none is primary.".formatted(type),
                "Mark the one for the service's events as @Primary, or define %s.".formatted(other));
    }
}
