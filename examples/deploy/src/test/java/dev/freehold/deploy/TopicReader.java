package dev.freehold.deploy;

import dev.freehold.fixture.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics from their beginning, on a thread of its own. */
final class TopicReader implements AutoCloseable {

    private final Consumer<ConsumerRecord<byte[], byte[]>> taker;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean reading = true;

    TopicReader(Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        this.taker = taker;
    }

    void start(String... topics) {
        Thread thread = new Thread(() -> read(topics), "reader");
        threads.add(thread);
        thread.start();
    }

    private void read(String... topics) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Arrays.stream(topics)
                    .flatMap(topic -> partitions(consumer, topic))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (reading) {
                consumer.poll(Duration.ofMillis(100)).forEach(taker);
            }
        }
    }

    private static Stream<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()));
    }

    @Override
    public void close() {
        reading = false;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
