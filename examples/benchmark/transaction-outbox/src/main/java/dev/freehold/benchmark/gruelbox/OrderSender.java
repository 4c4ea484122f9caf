package dev.freehold.benchmark.gruelbox;

import dev.freehold.benchmark.Producers;
import dev.freehold.benchmark.Surroundings;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The bean whose calls are stored: sends an order to Kafka and waits for the acknowledgement. */
public class OrderSender {

    private final @Nullable KafkaProducer<String, byte[]> producer;
    private final String topic;

    /** For the library's proxy, which never sends. */
    protected OrderSender() {
        this.producer = null;
        this.topic = "";
    }

    OrderSender(Surroundings surroundings) {
        this.producer = Producers.oneByOne(surroundings);
        this.topic = surroundings.topic();
    }

    /** Returns when Kafka has the order. */
    public void send(String key, String json) throws ExecutionException, InterruptedException {
        if (producer == null) {
            throw new IllegalStateException("called on the proxy");
        }
        producer.send(new ProducerRecord<>(topic, key, json.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
