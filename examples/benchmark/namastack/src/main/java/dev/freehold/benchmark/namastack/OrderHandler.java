package dev.freehold.benchmark.namastack;

import dev.freehold.benchmark.Order;
import dev.freehold.benchmark.Producers;
import dev.freehold.benchmark.Surroundings;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends an order to Kafka and waits for the acknowledgement, since returning means that the record is done. */
class OrderHandler implements OutboxTypedHandler<Order>, AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;
    private final String topic;

    OrderHandler(Surroundings surroundings) {
        this.producer = Producers.oneByOne(surroundings);
        this.topic = surroundings.topic();
    }

    @Override
    public void handle(Order order, OutboxRecordMetadata metadata) {
        byte[] value = order.json().getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(topic, metadata.getKey(), value)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
