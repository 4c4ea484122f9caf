package dev.freehold.outbox.faults;

import dev.freehold.fixture.History;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.json.JsonMapper;

/** Reads the topic on a thread of its own and records what it gets. */
final class Reader implements AutoCloseable {

    private final History history;
    private final Set<UUID> ids = new HashSet<>();
    private final Thread thread;
    private final JsonMapper json = new JsonMapper();
    private volatile boolean reading = true;
    private volatile int distinct;
    private volatile long receipts;

    Reader(String bootstrapServers, History history) {
        this.history = history;
        history.expectReceipts("reader");
        thread = new Thread(() -> read(bootstrapServers), "reader");
        thread.start();
    }

    private void read(String bootstrapServers) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Ledger.TOPIC).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (reading) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::take);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> taken) {
        UUID id = UUID.fromString(new String(taken.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8));
        String key = new String(taken.key(), StandardCharsets.UTF_8);
        long sequence = json.readTree(taken.value()).get("sequence").asLong();
        history.received("reader", id, key, sequence, taken.topic(), taken.partition(), taken.offset());
        ids.add(id);
        distinct = ids.size();
        receipts++;
    }

    /** How many different events have come. */
    int distinct() {
        return distinct;
    }

    /** How many events have come, with repetitions. */
    long receipts() {
        return receipts;
    }

    @Override
    public void close() {
        reading = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
