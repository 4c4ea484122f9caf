package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order of a key's events is the order of its commits, and none is lost; and the harness would see it if not. */
class OrderTests {

    private static final Logger log = LoggerFactory.getLogger(OrderTests.class);
    private static final int EVENTS = Boolean.getBoolean("freehold.full") ? 1_000_000 : 50_000;
    private static final int EVENTS_TO_CATCH = 20_000;
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final OrderHarness harness = new OrderHarness(database);

    @BeforeEach
    void quietRelay() {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(OutboxRelay.class))
                .setLevel(ch.qos.logback.classic.Level.ERROR);
    }

    @AfterEach
    void close() {
        harness.close();
        database.drop();
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(OutboxRelay.class)).setLevel(null);
    }

    @Test
    void keepsTheOrderOfCommitsWhateverTheWritersDo() throws Exception {
        Verdict verdict = run(EVENTS, new PostgresOutboxStore(harness.pool), new UnreliableTransport(50), true);

        log.info("{}", verdict);
        verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
        assertThat(verdict.committed()).isGreaterThanOrEqualTo(EVENTS);
    }

    @Test
    void keepsItWhileKeysAreParkedAndTriedAgain() throws Exception {
        Verdict verdict = run(EVENTS, new PostgresOutboxStore(harness.pool), new UnreliableTransport(50, 1_000), true);

        log.info("{}", verdict);
        verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
    }

    @Test
    void keepsItWhileShardsAreSharedAndTheirNumberChanges() throws Exception {
        UnreliableTransport transport = new UnreliableTransport(50, 1_000);
        try (Relays relays = new Relays(() -> new PostgresOutboxStore(harness.pool), transport)) {
            Outbox outbox = harness.outbox(relays::wakeUp);
            relays.startChanging(harness::acknowledged);
            harness.write(outbox, EVENTS);
            relays.stopChanging();
            await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> harness.hasAll(transport.taken()));
            log.info("{} changes", relays.changes());
            assertThat(relays.changes()).isGreaterThan(10);
        }
        Verdict verdict = harness.judge(transport.taken());
        log.info("{}", verdict);
        verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
    }

    @Test
    void harnessCatchesAReaderThatGoesByPositionAlone() throws Exception {
        Verdict verdict =
                run(EVENTS_TO_CATCH, new WrongReader(harness.pool, WrongReader.BY_POSITION), reliable(), true);

        log.info("{}", verdict);
        assertThat(verdict.count(Violation.LOST)).isPositive();
    }

    @Test
    void harnessCatchesAReaderThatGoesByTransactionId() throws Exception {
        Verdict verdict =
                run(EVENTS_TO_CATCH, new WrongReader(harness.pool, WrongReader.BY_TRANSACTION), reliable(), true);

        log.info("{}", verdict);
        assertThat(verdict.count(Violation.INVERSION)).isPositive();
    }

    @Test
    void harnessCatchesAWriterThatInsertsBeforeTheFlush() throws Exception {
        Verdict verdict = run(EVENTS_TO_CATCH, new PostgresOutboxStore(harness.pool), reliable(), false);

        log.info("{}", verdict);
        assertThat(verdict.count(Violation.INVERSION)).isPositive();
    }

    private static UnreliableTransport reliable() {
        return new UnreliableTransport(Integer.MAX_VALUE);
    }

    private Verdict run(int events, OutboxStore store, UnreliableTransport transport, boolean flushFirst)
            throws Exception {
        RelaySettings settings = RelaySettings.defaults()
                .withBatch(150, 1 << 20)
                .withPollInterval(Duration.ofMillis(20))
                .withMaxBackoff(Duration.ofMillis(100), Duration.ofMillis(100));
        try (DefaultOutboxRelay relay = new DefaultOutboxRelay("test", () -> store, transport, settings)) {
            Outbox outbox = flushFirst ? harness.outbox(relay::wakeUp) : harness.outboxWithoutFlush(relay::wakeUp);
            relay.start();
            harness.write(outbox, events);
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> harness.hasAll(transport.taken()) || isIdle(transport));
        }
        return harness.judge(transport.taken());
    }

    private int takenBefore = -1;

    /** A reader that loses events never has them all: it is done when nothing more comes. */
    private boolean isIdle(UnreliableTransport transport) {
        int taken = transport.taken().size();
        boolean idle = taken == takenBefore;
        takenBefore = taken;
        return idle;
    }
}
