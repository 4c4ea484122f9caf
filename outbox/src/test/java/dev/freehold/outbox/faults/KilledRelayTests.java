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
import dev.freehold.outbox.kafka.Delivery;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Relays killed or frozen while they publish: nothing is lost, nothing overtakes, and the next one takes over in time.
 * In Kafka transactions nothing is seen twice either.
 */
class KilledRelayTests {

    private static final Logger log = LoggerFactory.getLogger(KilledRelayTests.class);
    private static final boolean FULL = Boolean.getBoolean("freehold.full");
    private static final int KILLS = FULL ? 100 : 6;
    private static final int FREEZES = FULL ? 20 : 2;
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final KafkaProcess kafka = new KafkaProcess();
    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final JdbcClient jdbc = JdbcClient.create(database.plainDataSource());
    private final History history = History.inMemory();
    private int mostShards = 1;

    @BeforeEach
    void startKafka() {
        kafka.start();
        kafka.createTopic(Ledger.TOPIC, 4, Map.of());
    }

    @AfterEach
    void stop() {
        kafka.close();
        history.close();
        database.drop();
    }

    @ParameterizedTest
    @EnumSource
    void losesAndReordersNothingWhenKilledAtRandomPoints(Delivery delivery) throws Exception {
        Verdict verdict = publish(delivery, this::killOneAfterTheOther);

        assertThat(verdict.received()).isGreaterThan(KILLS * 100L);
    }

    /** Every relay that is started says another number of shards, and is killed in whatever step of the change. */
    @ParameterizedTest
    @EnumSource
    void losesAndReordersNothingWhenTheNumberOfShardsChangesMeanwhile(Delivery delivery) throws Exception {
        mostShards = 4;
        Verdict verdict = publish(delivery, this::killOneAfterTheOther);

        assertThat(verdict.received()).isGreaterThan(KILLS * 100L);
    }

    @ParameterizedTest
    @EnumSource
    void fencesOffARelayThatWasFrozenForThreeLeases(Delivery delivery) throws Exception {
        publish(delivery, this::freezeOneAfterTheOther);
    }

    private void killOneAfterTheOther(RelayJvm[] relays, Reader reader, Delivery delivery) {
        for (int kill = 0; kill < KILLS; kill++) {
            awaitProgress(reader);
            pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(500)));
            int victim = ThreadLocalRandom.current().nextInt(relays.length);
            relays[victim].kill();
            relays[victim] = start(delivery);
        }
    }

    private void freezeOneAfterTheOther(RelayJvm[] relays, Reader reader, Delivery delivery) {
        for (int freeze = 0; freeze < FREEZES; freeze++) {
            awaitProgress(reader);
            pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(500)));
            RelayJvm active = active(relays);
            active.freeze();
            pause(LEASE.multipliedBy(3));
            awaitProgress(reader);
            active.thaw();
        }
        awaitProgress(reader);
    }

    private RelayJvm active(RelayJvm[] relays) {
        return await().atMost(LIMIT)
                .until(() -> owner().flatMap(owner -> find(relays, owner)), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> owner() {
        return jdbc.sql("SELECT owner FROM outbox_progress WHERE owner IS NOT NULL")
                .query(String.class)
                .optional();
    }

    private static Optional<RelayJvm> find(RelayJvm[] relays, String owner) {
        return Arrays.stream(relays)
                .filter(relay -> owner.contains("@" + relay.pid() + "@"))
                .findFirst();
    }

    private Verdict publish(Delivery delivery, Fault fault) throws Exception {
        try (Ledger ledger = new Ledger(database, history, () -> {});
                Reader reader = new Reader(kafka.bootstrapServers(), history)) {
            ledger.startWriting(8, 100);
            RelayJvm[] relays = {start(delivery), start(delivery)};
            try {
                fault.happen(relays, reader, delivery);
                ledger.stopWriting();
                await().atMost(LIMIT).until(() -> reader.distinct() >= ledger.stored());
                awaitIdle(reader);
            } finally {
                relays[0].close();
                relays[1].close();
            }
            reader.close();
            Verdict verdict = HistoryChecker.check(history);
            log.info("{}: {}, duplicates: {}", delivery, verdict, verdict.count(Violation.DUPLICATE));
            verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
            if (delivery == Delivery.EXACTLY_ONCE) {
                assertThat(verdict.count(Violation.DUPLICATE)).isZero();
            }
            return verdict;
        }
    }

    private RelayJvm start(Delivery delivery) {
        int shards = ThreadLocalRandom.current().nextInt(1, mostShards + 1);
        return RelayJvm.start(database, kafka.bootstrapServers(), LEASE, delivery, shards);
    }

    private static void awaitProgress(Reader reader) {
        long before = reader.receipts();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> reader.receipts() > before + 50);
    }

    /** Whatever a relay still sends twice has come by then. */
    private static void awaitIdle(Reader reader) {
        long[] before = {-1};
        await().atMost(LIMIT).pollInterval(LEASE.multipliedBy(2)).until(() -> {
            boolean idle = reader.receipts() == before[0];
            before[0] = reader.receipts();
            return idle;
        });
    }

    private static void pause(Duration time) {
        await().pollDelay(time).atMost(time.plus(LIMIT)).until(() -> true);
    }

    /** What is done to the relays while they publish. */
    @FunctionalInterface
    private interface Fault {
        void happen(RelayJvm[] relays, Reader reader, Delivery delivery);
    }
}
