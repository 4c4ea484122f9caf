package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Order;
import dev.freehold.benchmark.Surroundings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are delivered one to five times each, at random and the same for everybody: first in order, then again
 * among the next thousand or so. They look as Freehold's outbox sends them.
 */
final class Deliveries {

    private static final int MOST = 5;
    private static final int FARTHEST = 1_000;
    private static final long SEED = 20_261_122;

    private Deliveries() {}

    /** Sends all of them to the topic, and tells how many deliveries there are. */
    static int send(int messages, Surroundings surroundings) {
        Instant time = Instant.now();
        int[] numbers = numbers(messages);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<String, byte[]> producer = producer(surroundings)) {
            for (int number : numbers) {
                var unused = producer.send(
                        delivery(number, time, surroundings),
                        (metadata, failed) -> failure.compareAndSet(null, failed));
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
        return numbers.length;
    }

    /** One request at a time: in a topic that is a moment old, a second one may succeed where the first did not, for good. */
    private static KafkaProducer<String, byte[]> producer(Surroundings surroundings) {
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                surroundings.bootstrapServers(),
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.BATCH_SIZE_CONFIG,
                128 * 1024);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** The number of the message of each delivery. */
    static int[] numbers(int messages) {
        Random random = new Random(SEED);
        LongStream.Builder places = LongStream.builder();
        for (int number = 0; number < messages; number++) {
            places.add(placed(number, number));
            for (int again = random.nextInt(MOST); again > 0; again--) {
                places.add(placed(number + 1 + random.nextInt(FARTHEST), number));
            }
        }
        return places.build().sorted().mapToInt(place -> (int) place).toArray();
    }

    private static long placed(int place, int number) {
        return ((long) place << 32) | number;
    }

    private static ProducerRecord<String, byte[]> delivery(int number, Instant time, Surroundings surroundings) {
        Order order = Order.of(number, surroundings.keys());
        List<Header> headers = List.of(
                header("ce_specversion", "1.0"),
                header("ce_id", id(number, time).toString()),
                header("ce_type", "benchmark.order-placed"),
                header("ce_source", "/benchmark"),
                header("ce_time", time.toString()),
                header("ce_subject", order.key()),
                header("ce_schemaversion", "1"),
                header("content-type", "application/json"));
        byte[] value = order.json().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(surroundings.topic(), null, order.key(), value, headers);
    }

    /** A UUID of version 7, the same for every delivery of a message. */
    private static UUID id(int number, Instant time) {
        return new UUID(time.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | number);
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
