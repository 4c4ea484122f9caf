package dev.freehold.outbox.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.outbox.StoredEvent;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A topic that takes a record's size takes the record, and one that takes a byte less does not. */
class RecordSizesTests {

    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final KafkaServer kafka = KafkaServer.shared();
    private final CloudEventRecords records = new CloudEventRecords("/récords");
    private final RecordSizes sizes = new RecordSizes(records);

    static Stream<StoredEvent> events() {
        return Stream.of(
                event("key", "orders.order-placed", new byte[400], null),
                event("key", "orders.order-placed", new byte[400], TRACEPARENT),
                event("key", "orders.order-placed", new byte[20_000], null),
                event("key", "orders.order-placed", null, null),
                event("k".repeat(255), "t".repeat(255), new byte[1], TRACEPARENT),
                event("schlüssel-鍵-🔑".repeat(10), "größe", new byte[60], TRACEPARENT));
    }

    private static StoredEvent event(String key, String type, byte @Nullable [] payload, @Nullable String traceparent) {
        return new StoredEvent(UUID.randomUUID(), "-", key, type, 12, payload, traceparent, Instant.now());
    }

    @ParameterizedTest
    @MethodSource("events")
    void areWhatTheBrokerCompares(StoredEvent event) throws Exception {
        int size = sizes.of(event);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            assertThat(send(producer, event, size).hasOffset()).isTrue();
            assertThatThrownBy(() -> send(producer, event, size - 1)).hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    private RecordMetadata send(Producer<byte[], byte[]> producer, StoredEvent event, int limit) throws Exception {
        String topic = kafka.createTopic(
                "limit-" + limit + "-" + UUID.randomUUID(), 1, Map.of("max.message.bytes", String.valueOf(limit)));
        StoredEvent there = new StoredEvent(
                event.id(),
                topic,
                event.key(),
                event.type(),
                event.version(),
                event.payload(),
                event.traceparent(),
                event.time());
        return producer.send(records.of(there)).get();
    }

    @ParameterizedTest
    @MethodSource("events")
    void areGuessedTooLargeRatherThanTooSmall(StoredEvent event) {
        assertThat(sizes.isSurelyBelow(sizes.of(event), event)).isFalse();
        assertThat(sizes.isSurelyBelow(1 << 20, event)).isTrue();
    }
}
