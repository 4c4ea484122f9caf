package dev.freehold.outbox.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.RelaySettings;
import dev.freehold.outbox.kafka.Delivery;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker and database go away and come back; transactions stay open. Nothing is lost, nothing overtakes. */
class BrokerAndDatabaseFaultTests {

    private static final Logger log = LoggerFactory.getLogger(BrokerAndDatabaseFaultTests.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final KafkaProcess kafka = new KafkaProcess();
    private final History history = History.inMemory();
    private @Nullable Ledger ledger;
    private @Nullable OutboxRelay relay;
    private @Nullable Reader reader;
    private Delivery deliveredBy = Delivery.AT_LEAST_ONCE;

    @BeforeEach
    void startKafka() {
        kafka.start();
        kafka.createTopic(Ledger.TOPIC, 4, Map.of());
    }

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
        if (reader != null) {
            reader.close();
        }
        if (ledger != null) {
            ledger.close();
        }
        kafka.close();
    }

    @ParameterizedTest
    @EnumSource
    void publishesWhatWasWrittenWhileTheBrokerWasDownAtStart(Delivery delivery) throws Exception {
        kafka.stop();
        Ledger service = start(PostgresServer.shared().createDatabase(), delivery);
        service.startWriting(4, 50);
        await().atMost(LIMIT).until(() -> service.stored() > 500);
        kafka.start();
        service.stopWriting();
        expectAll(service);
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheOrderWhileTheBrokerStopsFreezesAndDies(Delivery delivery) throws Exception {
        Ledger service = start(PostgresServer.shared().createDatabase(), delivery);
        service.startWriting(4, 50);
        Reader reading = read();
        awaitReceipts(reading, 200);

        kafka.stop();
        awaitStored(service, 300);
        kafka.start();
        awaitReceipts(reading, 200);

        kafka.pause();
        awaitStored(service, 300);
        kafka.resume();
        awaitReceipts(reading, 200);

        kafka.kill();
        awaitStored(service, 300);
        kafka.start();
        awaitReceipts(reading, 200);

        service.stopWriting();
        expectAll(service);
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAfterTheDatabaseWasRestartedAndAfterItCrashed(Delivery delivery) throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            Ledger service = start(server.createDatabase(), delivery);
            service.startWriting(4, 50);
            Reader reading = read();
            awaitReceipts(reading, 200);

            server.restart();
            awaitReceipts(reading, 200);
            server.crash();
            server.restart();
            awaitReceipts(reading, 200);

            service.stopWriting();
            deliveredBy = Delivery.AT_LEAST_ONCE; // a crash may bring events again
            expectAll(service);
        }
    }

    @Test
    void letsOthersPassWhileTransactionsStayOpen() throws Exception {
        TestDatabase database = PostgresServer.shared().createDatabase();
        TestDatabase other = PostgresServer.shared().createDatabase();
        Ledger service = start(database, Delivery.AT_LEAST_ONCE);
        Reader reading = read();
        try (Connection open = connect(database);
                Connection prepared = connect(database);
                Connection elsewhere = connect(other)) {
            insertEntry(open, "held-open", 1);
            insertEntry(prepared, "held-prepared", 1);
            execute(prepared, "PREPARE TRANSACTION 'held'");
            execute(elsewhere, "CREATE TABLE held (id int)");

            for (int n = 0; n < 200; n++) {
                service.write();
            }
            await().atMost(LIMIT).until(() -> reading.distinct() >= service.stored());
            assertThat(reading.distinct()).isGreaterThan(200);

            open.commit();
            execute(prepared, "COMMIT PREPARED 'held'");
            history.committed(entryId(database, "held-open"), "held-open", 1);
            history.committed(entryId(database, "held-prepared"), "held-prepared", 1);
            elsewhere.rollback();
            expectAll(service);
        }
        assertThat(service.stored()).isEqualTo(reading.distinct());
    }

    private Ledger start(TestDatabase database, Delivery delivery) {
        deliveredBy = delivery;
        OutboxRelay[] woken = new OutboxRelay[1];
        Ledger service = new Ledger(database, history, () -> {
            if (woken[0] != null) {
                woken[0].wakeUp();
            }
        });
        OutboxRelay started = OutboxRelay.builder()
                .dataSource(service.dataSource)
                .transport(new KafkaOutboxTransport(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()), "/ledger", delivery))
                .settings(RelaySettings.defaults()
                        .withBatch(100, 1 << 20)
                        .withPollInterval(Duration.ofMillis(200))
                        .withLease(Duration.ofSeconds(2))
                        .withMaxBackoff(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .build();
        woken[0] = started;
        started.start();
        ledger = service;
        relay = started;
        return service;
    }

    private Reader read() {
        Reader started = reader == null ? new Reader(kafka.bootstrapServers(), history) : reader;
        reader = started;
        return started;
    }

    private void expectAll(Ledger service) {
        Reader reading = read();
        await().atMost(LIMIT).until(() -> reading.distinct() >= service.stored());
        reading.close();
        Verdict verdict = HistoryChecker.check(history);
        log.info("{}", verdict);
        verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
        if (deliveredBy == Delivery.EXACTLY_ONCE) {
            assertThat(verdict.count(Violation.DUPLICATE)).isZero();
        }
    }

    private static void awaitReceipts(Reader reading, int more) {
        long before = reading.receipts();
        await().atMost(LIMIT).until(() -> reading.receipts() > before + more);
    }

    private static void awaitStored(Ledger service, int more) {
        long before = service.stored();
        await().atMost(LIMIT).until(() -> service.stored() > before + more);
    }

    private static Connection connect(TestDatabase database) throws Exception {
        Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
        connection.setAutoCommit(false);
        return connection;
    }

    private static void insertEntry(Connection connection, String key, int sequence) throws Exception {
        execute(connection, """
                INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, version, payload, created_at)
                VALUES (gen_random_uuid(), 'entries', '%s', 'ledger.entry', 1,
                        convert_to('{"account":"%s","sequence":%d}', 'UTF8'), now())
                """.formatted(key, key, sequence));
    }

    private static java.util.UUID entryId(TestDatabase database, String key) {
        return org.springframework.jdbc.core.simple.JdbcClient.create(database.plainDataSource())
                .sql("SELECT id FROM outbox_event WHERE aggregateid = ?")
                .param(key)
                .query(java.util.UUID.class)
                .single();
    }

    private static void execute(Connection connection, String sql) throws Exception {
        boolean ownTransaction = sql.startsWith("COMMIT PREPARED");
        if (ownTransaction) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
