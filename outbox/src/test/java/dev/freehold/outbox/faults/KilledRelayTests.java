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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays killed while they publish: nothing is lost, nothing overtakes, and the next one takes over in time. */
class KilledRelayTests {

    private static final Logger log = LoggerFactory.getLogger(KilledRelayTests.class);
    private static final int KILLS = Boolean.getBoolean("freehold.full") ? 100 : 6;
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static KafkaProcess kafka;

    @BeforeAll
    static void startKafka() {
        kafka = new KafkaProcess().start();
        kafka.createTopic(Ledger.TOPIC, 4, Map.of());
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void losesAndReordersNothingWhenKilledAtRandomPoints() throws Exception {
        TestDatabase database = PostgresServer.shared().createDatabase();
        try (History history = History.inMemory();
                Ledger ledger = new Ledger(database, history, () -> {});
                Reader reader = new Reader(kafka.bootstrapServers(), history)) {
            ledger.startWriting(8, 100);
            RelayJvm[] relays = {start(database), start(database)};
            for (int kill = 0; kill < KILLS; kill++) {
                awaitProgress(reader);
                await().pollDelay(Duration.ofMillis(ThreadLocalRandom.current().nextInt(500)))
                        .until(() -> true);
                int victim = ThreadLocalRandom.current().nextInt(relays.length);
                relays[victim].kill();
                relays[victim] = start(database);
            }
            ledger.stopWriting();
            await().atMost(LIMIT).until(() -> reader.distinct() >= ledger.stored());
            relays[0].close();
            relays[1].close();

            Verdict verdict = judge(history, reader);
            log.info("{} kills: {}", KILLS, verdict);
            verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
            assertThat(verdict.received()).isGreaterThan(KILLS * 100L);
            log.info("duplicates: {}", verdict.count(Violation.DUPLICATE));
        }
        database.drop();
    }

    private static Verdict judge(History history, Reader reader) {
        reader.close();
        return HistoryChecker.check(history);
    }

    private static RelayJvm start(TestDatabase database) {
        return RelayJvm.start(database, kafka.bootstrapServers(), LEASE);
    }

    private static void awaitProgress(Reader reader) {
        long before = reader.receipts();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> reader.receipts() > before + 50);
    }
}
