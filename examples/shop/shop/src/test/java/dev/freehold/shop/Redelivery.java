package dev.freehold.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes messages to their topic again, as a relay does that was killed before it noted its progress. */
final class Redelivery {

    private final String bootstrapServers;
    private final Map<String, Object> connection;

    Redelivery(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.connection = Map.of("bootstrap.servers", bootstrapServers);
    }

    /** Repeats the only message of a key, byte for byte. */
    void repeat(String topic, UUID key, int times) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> found = find(topic, key);
        if (found.size() != 1) {
            throw new AssertionError("expected one message of key %s, found %d".formatted(key, found.size()));
        }
        ConsumerRecord<byte[], byte[]> read = found.get(0);
        for (int i = 0; i < times; i++) {
            send(new ProducerRecord<>(topic, read.partition(), read.key(), read.value(), read.headers()));
        }
    }

    /** Writes the first state of a key again, as a new message: as if it had been published late. */
    void repeatAsNew(String topic, UUID key) throws Exception {
        ConsumerRecord<byte[], byte[]> first = find(topic, key).get(0);
        send(likeNew(first, first.value()));
    }

    /** Writes a tombstone, as the order service would for an order that it deletes. */
    void bury(String topic, UUID key) throws Exception {
        send(likeNew(find(topic, key).get(0), null));
    }

    @SuppressWarnings(
            "NullAway") // newer releases see that a tombstone's value is null, and that Kafka's types do not say so
    private static ProducerRecord<byte[], byte[]> likeNew(
            ConsumerRecord<byte[], byte[]> read, byte @Nullable [] value) {
        var message = new ProducerRecord<>(read.topic(), read.partition(), read.key(), value, read.headers());
        message.headers()
                .remove("ce_id")
                .add("ce_id", UUID.randomUUID().toString().getBytes(UTF_8));
        return message;
    }

    private void send(ProducerRecord<byte[], byte[]> message) throws Exception {
        try (var producer = new KafkaProducer<>(connection, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(message).get();
        }
    }

    /** The messages of a key that stand in the topic. */
    List<ConsumerRecord<byte[], byte[]>> find(String topic, UUID key) {
        return new TopicReader(bootstrapServers)
                .all(topic).stream()
                        .filter(read -> new String(read.key(), UTF_8).equals(key.toString()))
                        .toList();
    }

    /** Returns when the group has handled all that stands in the topic. */
    void awaitRead(String group, String topic) {
        try (Admin admin = Admin.create(connection)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> behind(admin, group, topic) == 0);
        }
    }

    private static long behind(Admin admin, String group, String topic) throws Exception {
        var committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        var ends = admin.listOffsets(admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(described -> described.partitions().stream())
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(topic, partition.partition()),
                                partition -> OffsetSpec.latest())))
                .all()
                .get();
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    var read = committed.get(end.getKey());
                    return end.getValue().offset() - (read == null ? 0 : read.offset());
                })
                .sum();
    }
}
