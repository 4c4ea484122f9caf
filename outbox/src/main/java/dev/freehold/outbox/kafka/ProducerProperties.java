package dev.freehold.outbox.kafka;

import static org.apache.kafka.clients.producer.ProducerConfig.ACKS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.BATCH_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.BUFFER_MEMORY_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.LINGER_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_BLOCK_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.PARTITIONER_CLASS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.RETRIES_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.RETRY_BACKOFF_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTIONAL_ID_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG;

import dev.freehold.outbox.OutboxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The properties of the relay's producer: the user's, with what order and durability depend on. */
final class ProducerProperties {

    private static final String ACTION = "Leave it out: the outbox sets it to %s, on which its guarantees rest.";

    /** What may not be otherwise. */
    private static final Map<String, String> REQUIRED = Map.of(
            ACKS_CONFIG, "all",
            ENABLE_IDEMPOTENCE_CONFIG, "true",
            RETRIES_CONFIG, String.valueOf(Integer.MAX_VALUE),
            DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(Integer.MAX_VALUE),
            PARTITIONER_IGNORE_KEYS_CONFIG, "false");

    /** Without transactions nothing may follow a record that is refused. */
    private static final Map<String, String> REQUIRED_AT_LEAST_ONCE =
            Map.of(MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");

    /**
     * How long the broker lets a transaction stay open whose sender is gone, and nobody follows: readers of committed
     * records wait as long. A transaction has to ask again while the one before is being completed, so the back-off is
     * short: with Kafka's own every transaction would take a tenth of a second.
     */
    private static final Map<String, String> DEFAULTS_EXACTLY_ONCE = Map.of(
            TRANSACTION_TIMEOUT_CONFIG,
            "10000",
            MAX_BLOCK_MS_CONFIG,
            "10000",
            RETRY_BACKOFF_MS_CONFIG,
            "1",
            RETRY_BACKOFF_MAX_MS_CONFIG,
            "10");

    /** What a user may set otherwise. */
    private static final Map<String, String> DEFAULTS = Map.of(
            LINGER_MS_CONFIG,
            "0",
            BATCH_SIZE_CONFIG,
            String.valueOf(256 << 10),
            MAX_BLOCK_MS_CONFIG,
            "3000",
            BUFFER_MEMORY_CONFIG,
            String.valueOf(64 << 20),
            MAX_REQUEST_SIZE_CONFIG,
            String.valueOf(17 << 20));

    private ProducerProperties() {}

    static Map<String, Object> of(Map<String, ?> users, Delivery delivery) {
        Map<String, Object> properties = new HashMap<>(DEFAULTS);
        if (delivery == Delivery.EXACTLY_ONCE) {
            properties.putAll(DEFAULTS_EXACTLY_ONCE);
        }
        properties.putAll(users);
        if (properties.containsKey(PARTITIONER_CLASS_CONFIG)) {
            throw new OutboxException(
                    "The relay's producer has a partitioner.class.",
                    "Leave it out: Kafka's own puts all events of a key into one partition, which their order rests on.");
        }
        if (properties.containsKey(TRANSACTIONAL_ID_CONFIG)) {
            throw new OutboxException(
                    "The relay's producer has a transactional.id.",
                    "Leave it out: with freehold.outbox.delivery=exactly-once the outbox makes its own, else there is none.");
        }
        require(properties, REQUIRED);
        if (delivery == Delivery.AT_LEAST_ONCE) {
            require(properties, REQUIRED_AT_LEAST_ONCE);
        }
        List.of(KEY_SERIALIZER_CLASS_CONFIG, VALUE_SERIALIZER_CLASS_CONFIG).forEach(properties::remove);
        return properties;
    }

    private static void require(Map<String, Object> properties, Map<String, String> required) {
        required.forEach((name, value) -> {
            Object own = properties.put(name, value);
            if (own != null && !isSame(name, String.valueOf(own), value)) {
                throw new OutboxException(
                        "The relay's producer has %s=%s.".formatted(name, own), ACTION.formatted(value));
            }
        });
    }

    private static boolean isSame(String name, String own, String required) {
        return own.equals(required) || (name.equals(ACKS_CONFIG) && own.equals("-1"));
    }
}
