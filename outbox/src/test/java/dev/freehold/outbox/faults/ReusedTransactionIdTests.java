package dev.freehold.outbox.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.History;
import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.Signals;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.RelaySettings;
import dev.freehold.outbox.kafka.Delivery;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The end of a transaction that was rolled back, or committed with {@code synchronous_commit=off}, is not yet on the disk
 * when others see it. If the server crashes then, its id is given once more, to another transaction. A snapshot from before
 * the crash takes that one for published.
 */
class ReusedTransactionIdTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Of a topic that is created late. */
    @OutboxEvent(type = "ledger.late-entry", topic = LateEntry.TOPIC)
    record LateEntry(@EventKey String account) {
        static final String TOPIC = "late-entries";
    }

    private static final int ROLLED_BACK = 50;
    private static final int WRITTEN_AFTER = 20;

    private final PostgresServer server = PostgresServer.start(Map.of("autovacuum", "off"));
    private final KafkaProcess kafka = new KafkaProcess();
    private final History history = History.inMemory();
    private final TestDatabase database = server.createDatabase();

    /** Too small for a relay to listen: it reads when it is told to. */
    private final HikariDataSource pool = database.dataSource(4);

    private final JdbcClient jdbc = JdbcClient.create(database.plainDataSource());
    private final DataSource plain = withTables(database.plainDataSource());
    private final DataSourceTransactionManager manager = new DataSourceTransactionManager(plain);
    private final TransactionTemplate transaction = new TransactionTemplate(manager);
    private final Outbox outbox =
            Outbox.builder().dataSource(plain).transactionManager(manager).build();

    private static DataSource withTables(DataSource empty) {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(empty);
        return empty;
    }

    @BeforeEach
    void startKafka() {
        kafka.start().createTopic(Ledger.TOPIC, 1, Map.of());
    }

    @AfterEach
    void close() {
        pool.close();
        kafka.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void publishesTheirEventsWhenTheRelayHasNotNoticedTheCrash(Delivery delivery) {
        OutboxRelay relay = start(delivery, Duration.ofMinutes(1));
        try (Reader reader = new Reader(kafka.bootstrapServers(), history)) {
            publishSeeingIdsThatAreNotOnTheDisk(relay, reader);
            server.crash();
            server.restart();
            write(WRITTEN_AFTER);
            relay.wakeUp();
            expectAll(reader);
        } finally {
            relay.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void publishesTheirEventsWhenAnotherRelayFollows(Delivery delivery) {
        OutboxRelay relay = start(delivery, Duration.ofSeconds(2));
        try (Reader reader = new Reader(kafka.bootstrapServers(), history)) {
            publishSeeingIdsThatAreNotOnTheDisk(relay, reader);
            server.crash();
            relay.close();
            server.restart();
            write(WRITTEN_AFTER);
            OutboxRelay next = start(delivery, Duration.ofSeconds(2));
            try {
                expectAll(reader);
            } finally {
                next.close();
            }
        }
    }

    /** What is parked is not written to the disk at once either; nor is, then, that the relay has passed it. */
    @ParameterizedTest
    @EnumSource
    void publishesWhatWasParkedAndNotOnTheDisk(Delivery delivery) {
        OutboxRelay relay = start(delivery, Duration.ofMinutes(1));
        try (Reader reader = new Reader(kafka.bootstrapServers(), history)) {
            stopWritingToTheDisk();
            transaction.executeWithoutResult(status -> {
                outbox.publish(new LateEntry("account"));
                outbox.publish(new Ledger.Entry("account", 0));
            });
            relay.wakeUp();
            await().atMost(LIMIT).until(() -> reader.distinct() == 1 && parkedEvents() == 1);
            server.crash();
            server.restart();
            assertThat(parkedEvents())
                    .as("parked events that survived the crash")
                    .isZero();
            kafka.createTopic(LateEntry.TOPIC, 1, Map.of());
            relay.wakeUp();

            await().atMost(LIMIT).until(() -> isIn(LateEntry.TOPIC));
        } finally {
            relay.close();
        }
    }

    private long parkedEvents() {
        return jdbc.sql("SELECT count(*) FROM outbox_parked").query(Long.class).single();
    }

    private boolean isIn(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return !consumer.poll(Duration.ofSeconds(1)).isEmpty();
        }
    }

    private OutboxRelay start(Delivery delivery, Duration lease) {
        OutboxRelay relay = OutboxRelay.builder()
                .dataSource(pool)
                .transport(new KafkaOutboxTransport(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()), "/ledger", delivery))
                .settings(RelaySettings.defaults()
                        .withPollInterval(Duration.ofMinutes(1))
                        .withLease(lease))
                .build();
        relay.start();
        await().atMost(LIMIT).until(relay::isActive);
        return relay;
    }

    /** Only commits write the log to the disk from here on, which the writer of it would do a fifth of a second later. */
    private void stopWritingToTheDisk() {
        Signals.send(
                "STOP",
                jdbc.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
                        .query(Long.class)
                        .single());
    }

    private void publishSeeingIdsThatAreNotOnTheDisk(OutboxRelay relay, Reader reader) {
        stopWritingToTheDisk();
        write(1);
        for (int n = 0; n < ROLLED_BACK; n++) {
            transaction.executeWithoutResult(status -> {
                JdbcClient.create(plain)
                        .sql("SELECT CAST(pg_current_xact_id() AS text)")
                        .query(String.class)
                        .single();
                status.setRollbackOnly();
            });
        }
        relay.wakeUp();
        await().atMost(LIMIT).until(() -> reader.distinct() == 1);
    }

    private void write(int events) {
        for (int n = 0; n < events; n++) {
            long sequence = n;
            transaction.executeWithoutResult(status -> outbox.publish(new Ledger.Entry("account", sequence)));
        }
    }

    private static void expectAll(Reader reader) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(reader.distinct()).as("events").isEqualTo(1 + WRITTEN_AFTER));
    }
}
