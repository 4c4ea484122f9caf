package dev.freehold.outbox.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.OutboxTransport.Mark;
import dev.freehold.outbox.OutboxTransport.Session;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What readers of committed records see of sessions that end well, end badly, and do not know that they have ended. */
class TransactionalSessionTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final KafkaServer kafka = KafkaServer.shared();
    private final String source = "/" + UUID.randomUUID();
    private final String topic = kafka.createTopic(1);
    private final OutboxTransport transport = transport();

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void keepsTheMarkOfWhatBecameVisible() {
        try (Session session = transport.open("0")) {
            assertThat(session.mark()).isEmpty();
            session.send(events("1", "2"), new Mark(7, "first"));
            session.send(events("3"), new Mark(8, "second")).join();
        }
        try (Session next = transport.open("0")) {
            assertThat(next.mark()).contains(new Mark(8, "second"));
        }
        assertThat(read()).containsExactly("1", "2", "3");
    }

    @Test
    void keepsMarksOfShardsAndServicesApart() {
        try (Session session = transport.open("0")) {
            session.send(events("1"), new Mark(7, "first")).join();
        }
        try (Session other = transport.open("1");
                OutboxTransport another = new KafkaOutboxTransport(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        source + "-other",
                        Delivery.EXACTLY_ONCE);
                Session others = another.open("0")) {
            assertThat(other.mark()).isEmpty();
            assertThat(others.mark()).isEmpty();
        }
    }

    @Test
    void findsTheLatestMarkWhicheverTopicItWasKeptWith() {
        String second = kafka.createTopic(3);
        try (Session session = transport.open("0")) {
            session.send(List.of(event(second, "1")), new Mark(7, "first")).join();
            session.send(events("2"), new Mark(8, "second")).join();
            session.send(List.of(event(second, "3")), new Mark(9, "third")).join();
        }
        try (Session next = transport.open("0")) {
            assertThat(next.mark()).contains(new Mark(9, "third"));
        }
    }

    @Test
    void fencesOffTheSessionBefore() {
        Session zombie = transport.open("0");
        zombie.send(events("1"), new Mark(1, "one")).join();
        try (OutboxTransport elsewhere = transport();
                Session heir = elsewhere.open("0")) {
            assertThat(heir.mark()).contains(new Mark(1, "one"));
            CompletableFuture<Void> late = zombie.send(events("zombie"), new Mark(2, "zombie"));
            heir.send(events("2"), new Mark(2, "two")).join();

            await().atMost(LIMIT).until(late::isCompletedExceptionally);
            zombie.close();
        }
        try (Session next = transport.open("0")) {
            assertThat(next.mark()).contains(new Mark(2, "two"));
        }
        assertThat(read()).containsExactly("1", "2");
    }

    @Test
    void showsNothingOfATransactionWithARefusedRecord() {
        Session session = transport.open("0");
        session.send(events("1"), new Mark(1, "one")).join();
        CompletableFuture<Void> refused = session.send(events("2", "x".repeat(2_000_000), "3"), new Mark(2, "two"));
        CompletableFuture<Void> behind = session.send(events("4"), new Mark(3, "three"));
        await().atMost(LIMIT).until(() -> refused.isCompletedExceptionally() && behind.isCompletedExceptionally());
        assertThat(refused.handle((ok, failure) -> failure).join())
                .isInstanceOfSatisfying(
                        OutboxTransport.Refused.class,
                        named -> assertThat(named.event().payload()).hasSize(2_000_000));
        assertThat(session.send(events("5"), new Mark(4, "four"))).isCompletedExceptionally();
        session.close();

        assertThat(read()).containsExactly("1");
        try (Session next = transport.open("0")) {
            assertThat(next.mark()).contains(new Mark(1, "one"));
        }
    }

    /** While a transaction is committed, Kafka's client gives up all its other records for the reason that one was refused. */
    @Test
    void blamesNoOtherRecordOfTheTransaction() {
        StoredEvent small = event(topic, "small");
        StoredEvent large = event(topic, "x".repeat(2_000_000));
        try (OutboxTransport oneByOne =
                        transport(Map.of("batch.size", "1", "max.in.flight.requests.per.connection", "1"));
                Session session = oneByOne.open("0")) {
            session.send(List.of(small), new Mark(1, "one")).join();
            assertThat(session.obstacle(small)).isEmpty();
            CompletableFuture<Void> sent = session.send(
                    Stream.concat(Stream.of(large), Stream.generate(() -> small).limit(50))
                            .toList(),
                    new Mark(2, "two"));
            await().atMost(LIMIT).until(sent::isDone);

            assertThat(sent.handle((ok, failure) -> failure).join())
                    .isInstanceOfSatisfying(
                            OutboxTransport.Refused.class,
                            refused -> assertThat(refused.event()).isSameAs(large));
            assertThat(session.obstacle(small)).isEmpty();
            assertThat(session.obstacle(large)).isPresent();
        }
    }

    /** A send that meets it fails with whatever the producer says then. */
    @Test
    void heedsTheAnswerToARecordMoreThanTheSendThatMeetsIt() {
        Map<String, Object> compressing = Map.of("compression.type", "lz4");
        CloudEventRecords records = new CloudEventRecords(source);
        Obstacles obstacles = new Obstacles(new KafkaBroker(compressing), records, compressing);
        List<StoredEvent> events = events("refused", "met it");
        try (AnsweringLate producer = new AnsweringLate();
                Session session = new TransactionalSession(producer, records, obstacles, "0", null)) {
            CompletableFuture<Void> sent = session.send(events, new Mark(1, "one"));
            await().atMost(LIMIT).until(sent::isDone);

            assertThat(sent.handle((ok, failure) -> failure).join())
                    .isInstanceOfSatisfying(
                            OutboxTransport.Refused.class,
                            refused -> assertThat(refused.event()).isSameAs(events.get(0)));
        }
    }

    @Test
    void failsWhatIsHandedOverAfterTheEnd() {
        Session session = transport.open("0");
        session.close();

        CompletableFuture<Void> late = session.send(events("late"), new Mark(1, "one"));
        await().atMost(LIMIT).until(late::isCompletedExceptionally);
        assertThat(read()).isEmpty();
    }

    /** Kafka's client does not tell everybody who waits for it that it was closed, and would be waited for. */
    @RepeatedTest(60)
    void endsAtOnceWhateverItIsDoing(RepetitionInfo repetition) {
        Session session = transport.open("0");
        session.send(events("1"), new Mark(1, "one"));
        LockSupport.parkNanos(repetition.getCurrentRepetition() * 200_000L);

        long start = System.nanoTime();
        session.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void knowsWhatStandsAgainstAnEvent() {
        String missing = "missing-" + source.substring(1);
        String small = kafka.createTopic("small-" + source.substring(1), 1, Map.of("max.message.bytes", "1000"));
        try (Session session = transport.open("0")) {
            assertThat(session.obstacle(event(topic, "1"))).isEmpty();
            assertThat(session.obstacle(event(small, "1"))).isEmpty();
            assertThat(session.obstacle(event(small, "x".repeat(1_001))))
                    .get()
                    .asString()
                    .contains("takes 1000");
            assertThat(session.obstacle(event(missing, "1")))
                    .get()
                    .asString()
                    .contains("Kafka has no topic '" + missing);

            kafka.createTopic(missing, 1, Map.of());
            await().atMost(LIMIT)
                    .until(() -> session.obstacle(event(missing, "1")).isEmpty());
        }
    }

    @Test
    void refusesAMarkThatTheBrokerWouldNotKeep() {
        try (Session session = transport.open("0")) {
            CompletableFuture<Void> sent = session.send(events("1"), new Mark(1, "x".repeat(4_097)));

            await().atMost(LIMIT).until(sent::isCompletedExceptionally);
            assertThat(sent.handle((ok, failure) -> failure).join()).hasMessageContaining("at-least-once");
        }
        assertThat(read()).isEmpty();
    }

    private OutboxTransport transport() {
        return transport(Map.of("max.request.size", "4194304"));
    }

    private OutboxTransport transport(Map<String, String> settings) {
        Map<String, String> properties = new HashMap<>(settings);
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaOutboxTransport(properties, source, Delivery.EXACTLY_ONCE);
    }

    private List<StoredEvent> events(String... payloads) {
        return java.util.Arrays.stream(payloads)
                .map(payload -> event(topic, payload))
                .toList();
    }

    private static StoredEvent event(String topic, String payload) {
        return event(topic, payload.getBytes(UTF_8), "key");
    }

    private static StoredEvent event(String topic, byte[] payload, String key) {
        return new StoredEvent(UUID.randomUUID(), topic, key, "test.type", 1, payload, null, Instant.now());
    }

    /** Everything that a reader of committed records sees up to the end of the topic; no transaction may be open. */
    private List<String> read() {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = endOffset(partition);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (consumer.position(partition) < end && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(50)).forEach(read -> values.add(read.value()));
            }
        }
        return values;
    }

    /** The end as readers of everything see it, so that nothing uncommitted is passed over for being late. */
    private long endOffset(TopicPartition partition) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }
    }

    /** Refuses the first record, which it tells when the transaction is aborted, and throws at the second one. */
    private static final class AnsweringLate extends MockProducer<byte[], byte[]> {

        AnsweringLate() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
            initTransactions();
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> sent, Callback callback) {
            if (!history().isEmpty() || uncommittedRecords().size() == 1) {
                throw new KafkaException("cannot send, since another record has failed");
            }
            return super.send(sent, callback);
        }

        @Override
        public void abortTransaction() {
            errorNext(new RecordTooLargeException("too large"));
            super.abortTransaction();
        }
    }
}
