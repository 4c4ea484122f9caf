package dev.freehold.benchmark;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The Kafka producer of every contestant that does not bring its own: durable, idempotent, in order. */
public final class Producers {

    private Producers() {}

    /** For senders who wait for each record: nothing lingers. */
    public static KafkaProducer<String, byte[]> oneByOne(Surroundings surroundings) {
        return open(surroundings, 0);
    }

    /** For senders who flush: records linger a little, so that a flush sends few, large requests. */
    public static KafkaProducer<String, byte[]> pipelined(Surroundings surroundings) {
        return open(surroundings, 5);
    }

    private static KafkaProducer<String, byte[]> open(Surroundings surroundings, int lingerMillis) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, surroundings.bootstrapServers());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
        config.putAll(surroundings.producer());
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }
}
