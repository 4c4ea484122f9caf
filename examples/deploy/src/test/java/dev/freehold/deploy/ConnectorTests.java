package dev.freehold.deploy;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What Debezium's connector with our configuration makes of the outbox's table. */
class ConnectorTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    /** With and without fractions, and with all that their spelling can differ in. */
    private static final List<String> TIMES = List.of(
            "2026-03-01T10:20:30Z",
            "2026-03-01T10:20:00.5Z",
            "2026-03-01T10:00:00.12Z",
            "2026-03-01T00:00:00.123Z",
            "2026-12-31T23:59:59.1234Z",
            "2026-12-31T23:59:59.12345Z",
            "2026-12-31T23:59:59.999999Z",
            "2026-03-01T10:20:30.000001Z");

    @OutboxEvent(type = "orders.order-placed", topic = "orders")
    record OrderPlaced(@EventKey UUID orderId, BigDecimal total) {}

    @OutboxEvent(type = "customers.customer-moved", version = 3, topic = "customers")
    record CustomerMoved(@EventKey String name, Address to, List<Address> before, Map<String, Object> more) {}

    record Address(String street, @Nullable String city) {}

    @OutboxEvent(type = "parts.counted", topic = "parts")
    record Counted(@EventKey String counter, int number) {}

    @OutboxEvent(type = "late.come", topic = "late")
    record Late(@EventKey String key) {}

    @OutboxEvent(type = "last.come", topic = "last")
    record Last(@EventKey String key) {}

    private final ServiceDatabase database = new ServiceDatabase();
    private final JdbcTransactionManager manager = new JdbcTransactionManager(database.dataSource());
    private final TransactionTemplate transaction = new TransactionTemplate(manager);
    private final List<ConsumerRecord<byte[], byte[]>> taken = new CopyOnWriteArrayList<>();

    private @Nullable String traceparent;

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void givesTheSameRecordsAsTheRelay(@TempDir Path directory) {
        KafkaServer.shared().createTopic("orders", 3, Map.of());
        KafkaServer.shared().createTopic("customers", 3, Map.of());
        database.publish();
        int events = publishEventsOfAllKinds();
        try (TopicReader reader = new TopicReader(taken::add);
                KafkaConnect connect = KafkaConnect.start(directory)) {
            reader.start("orders", "customers");
            try (OutboxRelay relay = relay()) {
                relay.start();
                awaitTaken(events);
            }
            Instant begin = Instant.now();
            connect.post(database.address());
            awaitTaken(2 * events);

            List<Message> relayed =
                    taken.stream().limit(events).map(Message::of).toList();
            List<Message> streamed =
                    taken.stream().skip(events).map(Message::of).toList();
            assertThat(inEachPartition(streamed)).isEqualTo(inEachPartition(relayed));
            assertThat(streamed)
                    .extracting(Message::time)
                    .contains(
                            "2026-03-01T10:20:30.000000Z",
                            "2026-03-01T00:00:00.123000Z",
                            "2026-12-31T23:59:59.123400Z");
            assertThat(streamed)
                    .filteredOn(message -> message.value() == null)
                    .allMatch(message -> !message.headers().containsKey("content-type"))
                    .extracting(message -> message.headers().containsKey("traceparent"))
                    .as("tombstones, traced or not")
                    .hasSize(2 * TIMES.size())
                    .contains(true, false);
            assertThat(taken.stream().skip(events))
                    .allMatch(message -> message.timestampType() == TimestampType.CREATE_TIME)
                    .allMatch(message -> message.timestamp() >= begin.toEpochMilli());
        }
    }

    @Test
    void streamsAllPartsWhileOldOnesAreTruncated(@TempDir Path directory) {
        KafkaServer.shared().createTopic("parts", 1, Map.of());
        Duration retention = Duration.ofSeconds(2);
        Outbox outbox = Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .retention(retention)
                .build();
        database.publish();
        boolean[] written = new boolean[4];
        int[] number = {0};
        try (TopicReader reader = new TopicReader(taken::add);
                KafkaConnect connect = KafkaConnect.start(directory)) {
            reader.start("parts");
            connect.post(database.address());
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
                publish(outbox, new Counted("counter", ++number[0]));
                database.truncateOldParts(retention);
                partsWithEvents().forEach(part -> written[part] = true);
                return written[0] && written[1] && written[2] && written[3] && stored() < number[0];
            });
            awaitTaken(number[0]);
        }
        assertThat(taken.stream().map(Message::of).map(Message::value))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, number[0])
                        .mapToObj("{\"counter\":\"counter\",\"number\":%d}"::formatted)
                        .toList());
    }

    @Test
    void sendsEventsThatWereTruncatedBeforeItCame(@TempDir Path directory) {
        KafkaServer.shared().createTopic("late", 1, Map.of());
        database.publish();
        Outbox outbox = outbox();
        publish(outbox, new Late("a"));
        database.jdbc().sql("TRUNCATE outbox_event").update();
        publish(outbox, new Late("b"));
        try (TopicReader reader = new TopicReader(taken::add);
                KafkaConnect connect = KafkaConnect.start(directory)) {
            reader.start("late");
            connect.post(database.address());
            awaitTaken(2);
        }
        assertThat(taken.stream().map(Message::of).map(Message::key)).containsExactly("a", "b");
    }

    @Test
    void letsTheServersLogGoWhenOnlyOtherTablesAreWrittenAndGoesOnFromThere(@TempDir Path directory) {
        KafkaServer.shared().createTopic("last", 1, Map.of());
        database.publish();
        Outbox outbox = outbox();
        try (TopicReader reader = new TopicReader(taken::add)) {
            reader.start("last");
            try (KafkaConnect connect = KafkaConnect.start(directory)) {
                connect.post(database.address().url(), Map.of("heartbeat.interval.ms", "500"));
                publish(outbox, new Last("a"));
                awaitTaken(1);
                database.jdbc()
                        .sql("CREATE TABLE other AS SELECT generate_series(1, 1000)")
                        .update();
                String place = database.jdbc()
                        .sql("SELECT CAST(pg_current_wal_insert_lsn() AS text)")
                        .query(String.class)
                        .single();
                await().atMost(LIMIT).until(() -> isConfirmed(place));
            }
            publish(outbox, new Last("b"));
            try (KafkaConnect connect = KafkaConnect.start(directory)) {
                connect.post(database.address());
                publish(outbox, new Last("c"));
                awaitTaken(3);
            }
        }
        assertThat(taken.stream().map(Message::of).map(Message::key)).containsExactly("a", "b", "c");
    }

    private int publishEventsOfAllKinds() {
        Outbox outbox = outbox();
        giveEventsTheirTimes();
        int events = 0;
        for (String time : TIMES) {
            traceparent = events % 2 == 0 ? TRACEPARENT : null;
            transaction.executeWithoutResult(status -> {
                setTime(time);
                outbox.publish(new OrderPlaced(UUID.randomUUID(), new BigDecimal("42.00")));
                for (String name : List.of("Zoë \"Ω\" 🛒", "a/b\\c\n", " x ", "0".repeat(255))) {
                    outbox.publish(customerMoved(name));
                }
                storeTombstone(" x ");
                storeTombstone("gone");
            });
            events += 7;
        }
        return events;
    }

    private static CustomerMoved customerMoved(String name) {
        Map<String, Object> more = new HashMap<>();
        more.put("null", null);
        more.put("nested", Map.of("numbers", List.of(1, 2.5, -3e30), "empty", Map.of()));
        more.put("text", "line\nbreak, \u0000, \"quotes\", 日本語, 🛒");
        return new CustomerMoved(
                name, new Address("Hauptstraße 1", null), Collections.nCopies(2, new Address("x", "Köln")), more);
    }

    /** As the outbox does for an entity with a published state that was deleted. */
    private void storeTombstone(String key) {
        database.jdbc()
                .sql("""
                        INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, version, traceparent, created_at)
                        VALUES (?, 'customers', ?, 'customers.customer', 2, ?, now())
                        """)
                .param(UUID.randomUUID())
                .param(key)
                .param(traceparent)
                .update();
    }

    private Outbox outbox() {
        return Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .traceparent(() -> traceparent)
                .build();
    }

    private OutboxRelay relay() {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers());
        return OutboxRelay.builder()
                .dataSource(database.dataSource())
                .transport(new KafkaOutboxTransport(properties, "/orders"))
                .build();
    }

    private void publish(Outbox outbox, Object event) {
        transaction.executeWithoutResult(status -> outbox.publish(event));
    }

    /** The outbox asks the clock; the database replaces what it says. */
    private void giveEventsTheirTimes() {
        database.jdbc().sql("""
                CREATE FUNCTION given_time() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.created_at := current_setting('test.time');
                    RETURN NEW;
                END$$
                """).update();
        database.jdbc().sql("""
                CREATE TRIGGER given_time BEFORE INSERT ON outbox_event FOR EACH ROW EXECUTE FUNCTION given_time()
                """).update();
    }

    private void setTime(String time) {
        database.jdbc()
                .sql("SELECT set_config('test.time', ?, true)")
                .param(time)
                .query(String.class)
                .single();
    }

    private List<Integer> partsWithEvents() {
        return database.jdbc()
                .sql("SELECT DISTINCT part FROM outbox_event")
                .query((row, n) -> row.getInt("part"))
                .list();
    }

    private long stored() {
        return database.jdbc()
                .sql("SELECT count(*) FROM outbox_event")
                .query(Long.class)
                .single();
    }

    private boolean isConfirmed(String place) {
        return database.jdbc()
                .sql("SELECT confirmed_flush_lsn >= CAST(? AS pg_lsn) FROM pg_replication_slots")
                .param(place)
                .query(Boolean.class)
                .single();
    }

    private void awaitTaken(int events) {
        await().atMost(LIMIT).until(() -> taken.size() >= events);
        assertThat(taken).hasSize(events);
    }

    private static Map<String, List<Message>> inEachPartition(List<Message> messages) {
        return messages.stream().collect(groupingBy(message -> message.topic() + "-" + message.partition()));
    }
}
