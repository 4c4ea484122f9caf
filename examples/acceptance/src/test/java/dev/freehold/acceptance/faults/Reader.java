package dev.freehold.acceptance.faults;

import dev.freehold.fixture.History;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads committed records of all topics on a thread of its own, past all proxies, and records what it gets. */
final class Reader implements AutoCloseable {

    static final String NAME = "reader";

    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Receipts> receipts = new ConcurrentHashMap<>();
    private final JsonMapper json = new JsonMapper();
    private final Thread thread;
    private volatile State state = State.READING;
    private volatile @Nullable RuntimeException failure;

    Reader(String bootstrapServers) {
        Broker.TOPICS.forEach(topic -> receipts.put(topic, new Receipts(History.inMemory())));
        thread = new Thread(() -> readOrFail(bootstrapServers), NAME);
        thread.setDaemon(true);
        thread.start();
    }

    private void readOrFail(String bootstrapServers) {
        try {
            read(bootstrapServers);
        } catch (RuntimeException e) { // finish() tells of it
            failure = e;
        }
    }

    private void read(String bootstrapServers) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Broker.TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (state == State.READING) {
                consumer.poll(POLL).forEach(this::take);
            }
            if (state == State.FINISHING) {
                readToTheEnd(consumer, partitions);
            }
        }
    }

    private void readToTheEnd(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(this::take);
            }
        });
    }

    private void take(ConsumerRecord<byte[], byte[]> taken) {
        UUID id = UUID.fromString(new String(taken.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8));
        String key = new String(taken.key(), StandardCharsets.UTF_8);
        long number = json.readTree(taken.value()).get("number").asLong();
        of(taken.topic()).take(id, key, number, taken);
    }

    /** What has come of a topic. */
    Receipts of(String topic) {
        Receipts found = receipts.get(topic);
        if (found == null) {
            throw new IllegalArgumentException("topic must be one of " + Broker.TOPICS + ", was " + topic);
        }
        return found;
    }

    /** Reads to the end, and returns when all is recorded; nobody publishes any more. */
    void finish() {
        state = State.FINISHING;
        join();
        if (failure != null) {
            throw new IllegalStateException("the reader could not read", failure);
        }
    }

    /** Ends wherever it is. */
    @Override
    public void close() {
        state = State.ENDING;
        join();
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private enum State {
        READING,
        FINISHING,
        ENDING
    }

    /** What has come of one topic. */
    static final class Receipts {

        private final History history;
        private final Set<UUID> ids = new HashSet<>();
        private volatile int distinct;
        private volatile long count;
        private long latest;
        private volatile long longestSilence;

        Receipts(History history) {
            this.history = history;
            history.expectReceipts(NAME);
        }

        private void take(UUID id, String key, long number, ConsumerRecord<?, ?> taken) {
            history.received(NAME, id, key, number, taken.topic(), taken.partition(), taken.offset());
            ids.add(id);
            distinct = ids.size();
            if (count++ > 0) {
                longestSilence = Math.max(longestSilence, System.nanoTime() - latest);
            }
            latest = System.nanoTime();
        }

        /** The longest time in which none has come. */
        Duration longestSilence() {
            return Duration.ofNanos(longestSilence);
        }

        History history() {
            return history;
        }

        /** How many different events have come. */
        int distinct() {
            return distinct;
        }

        /** How many events have come, with repetitions. */
        long count() {
            return count;
        }
    }
}
