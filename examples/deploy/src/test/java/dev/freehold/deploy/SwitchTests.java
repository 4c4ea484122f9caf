package dev.freehold.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The README's way from the relay to the connector and back, with its own statements, while a service publishes. */
class SwitchTests {

    private static final Logger log = LoggerFactory.getLogger(SwitchTests.class);
    private static final int EVENTS_IN_BETWEEN = Boolean.getBoolean("freehold.full") ? 20_000 : 500;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ServiceDatabase database = new ServiceDatabase();
    private final History history = History.inMemory();
    private final Receipts receipts = new Receipts(history);
    private final List<OutboxRelay> relays = new ArrayList<>();
    private final Runbook there = Runbook.of("To the connector", database.jdbc());
    private final Runbook back = Runbook.of("Back to the relay", database.jdbc());

    @BeforeEach
    void createTopic() {
        KafkaServer.shared().createTopic(Accounts.TOPIC, 4, Map.of());
    }

    @AfterEach
    void stop() throws ExecutionException, InterruptedException {
        relays.forEach(OutboxRelay::close);
        database.close();
        history.close();
        KafkaServer.shared().admin().deleteTopics(List.of(Accounts.TOPIC)).all().get();
    }

    @Test
    void losesNothingWhenSwitchedUnderLoad(@TempDir Path directory) {
        long[] twice = {0};
        Verdict verdict = judge(directory, (accounts, connect) -> {
            OutboxRelay relay = startRelay();
            awaitEvents();

            twice[0] -= accounts.stored();
            database.publish();
            Runnable open = accounts.hold();
            there.run(2);
            await().atMost(LIMIT).until(() -> there.run(3).equals("0"));
            relay.close();
            await().atMost(LIMIT).until(() -> there.run(4).equals("0"));
            twice[0] += accounts.stored();
            connect.post(database.address());
            awaitEvents();
            open.run();
            awaitEvents();

            twice[0] -= accounts.stored();
            open = accounts.hold();
            back.run(1);
            await().atMost(LIMIT).until(() -> back.run(2).equals("true"));
            connect.stop();
            await().atMost(LIMIT).until(() -> back.run(3).equals("true"));
            twice[0] += accounts.stored();
            back.run(4);
            startRelay();
            back.run(6);
            awaitEvents();
            open.run();
        });
        verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
        assertThat(verdict.count(Violation.DUPLICATE))
                .as("what was committed on the way")
                .isBetween(1L, twice[0]);
        assertThat(receipts.gaps())
                .as("in what came first and in what came again")
                .isZero();
        assertThat(receipts.mostRepetitions()).as("one for each way").isLessThanOrEqualTo(2);
    }

    @Test
    void losesNothingWhenTheSlotIsLost(@TempDir Path directory) {
        judge(directory, (accounts, connect) -> {
                    loseSlot(accounts, connect);
                    goBackAsTheConnectorRefuses(accounts, connect);
                })
                .assertNoneLost()
                .assertNoPhantoms()
                .assertInOrder();
    }

    @Test
    void losesNothingWhenTheSlotIsLostAndMadeAnew(@TempDir Path directory) {
        judge(directory, (accounts, connect) -> {
                    loseSlot(accounts, connect);
                    database.createSlot();
                    awaitStored(accounts);
                    goBackAsTheConnectorRefuses(accounts, connect);
                })
                .assertNoneLost()
                .assertNoPhantoms()
                .assertInOrder();
    }

    private void loseSlot(Accounts accounts, KafkaConnect connect) {
        OutboxRelay relay = startRelay();
        database.publish();
        awaitEvents();
        relay.close();
        connect.post(database.address());
        awaitEvents();
        connect.stop();
        await().atMost(LIMIT).until(() -> back.run(3).equals("true"));
        awaitStored(accounts);
        database.dropSlot();
        awaitStored(accounts);
    }

    private void goBackAsTheConnectorRefuses(Accounts accounts, KafkaConnect connect) {
        int before = receipts.count();
        connect.resume();
        await().atMost(LIMIT).until(connect::isFailed);
        awaitStored(accounts);
        assertThat(receipts.count()).as("what it sent all the same").isEqualTo(before);
        connect.stop();
        database.dropSlot();
        startRelay();
    }

    @Test
    void harnessCatchesASlotThatIsCreatedTooLate(@TempDir Path directory) {
        Verdict verdict = judge(directory, (accounts, connect) -> {
            OutboxRelay relay = startRelay();
            awaitEvents();
            relay.close();
            awaitStored(accounts);
            database.publish();
            connect.post(database.address());
        });
        assertThat(verdict.count(Violation.LOST)).isPositive();
    }

    @Test
    void harnessCatchesARelayThatIsNotWaitedFor(@TempDir Path directory) {
        Verdict verdict = judge(directory, (accounts, connect) -> {
            awaitStored(accounts);
            database.publish();
            connect.post(database.address());
        });
        assertThat(verdict.count(Violation.LOST)).isPositive();
    }

    @Test
    void harnessCatchesAConnectorThatIsNotWaitedFor(@TempDir Path directory) {
        Verdict verdict = judge(directory, (accounts, connect) -> {
            OutboxRelay relay = startRelay();
            awaitEvents();
            relay.close();
            awaitStored(accounts);
            back.run(1);
            back.run(4);
            startRelay();
        });
        assertThat(verdict.count(Violation.LOST)).isPositive();
    }

    /** Judges what comes of the events that are written during a procedure, and after it. */
    private Verdict judge(Path directory, Procedure procedure) {
        try (Accounts accounts = new Accounts(database, history);
                TopicReader reader = new TopicReader(receipts::take);
                KafkaConnect connect = KafkaConnect.start(directory)) {
            reader.start(Accounts.TOPIC);
            accounts.startWriting();
            procedure.run(accounts, connect);
            accounts.stopWriting();
            await().atMost(LIMIT).until(() -> receipts.latest().equals(accounts.entries()));
        }
        Verdict verdict = HistoryChecker.check(history);
        log.info("{}, began again {} times", verdict, receipts.mostRepetitions());
        return verdict;
    }

    private OutboxRelay startRelay() {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers());
        OutboxRelay relay = OutboxRelay.builder()
                .dataSource(database.dataSource())
                .transport(new KafkaOutboxTransport(properties, "/orders"))
                .build();
        relays.add(relay);
        relay.start();
        return relay;
    }

    private void awaitEvents() {
        int before = receipts.count();
        await().atMost(LIMIT).until(() -> receipts.count() > before + EVENTS_IN_BETWEEN);
    }

    private static void awaitStored(Accounts accounts) {
        long before = accounts.stored();
        await().atMost(LIMIT).until(() -> accounts.stored() > before + EVENTS_IN_BETWEEN);
    }

    /** What is done while the service publishes. */
    @FunctionalInterface
    private interface Procedure {
        void run(Accounts accounts, KafkaConnect connect);
    }
}
