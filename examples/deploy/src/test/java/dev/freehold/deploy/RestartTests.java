package dev.freehold.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers that end while events are written, or only other tables: the next one goes on, and the slot follows it. */
class RestartTests {

    private static final Logger log = LoggerFactory.getLogger(RestartTests.class);
    private static final boolean FULL = Boolean.getBoolean("freehold.full");
    private static final int EVENTS_IN_BETWEEN = 200;
    private static final int LONGEST_WAIT_MILLIS = 700;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** So that little time passes in which nothing can go wrong. */
    private static final Map<String, String> OFTEN =
            Map.of("heartbeat.interval.ms", "100", "slot.retry.delay.ms", "200", "slot.max.retries", "100");

    private final ServiceDatabase database = new ServiceDatabase();
    private final History history = History.inMemory();
    private final Receipts receipts = new Receipts(history);

    /** Commits a transaction that is open while workers come and go. */
    private Runnable open = () -> {};

    @BeforeEach
    void createTopic() {
        KafkaServer.shared().createTopic(Accounts.TOPIC, 4, Map.of());
    }

    @AfterEach
    void stop() throws ExecutionException, InterruptedException {
        database.close();
        history.close();
        KafkaServer.shared().admin().deleteTopics(List.of(Accounts.TOPIC)).all().get();
    }

    @ParameterizedTest
    @EnumSource
    void comesBackByItselfAndLosesNothing(Ending ending, @TempDir Path directory) {
        database.publish();
        database.jdbc().sql("CREATE TABLE other (number int)").update();
        int rounds = FULL ? 10 * ending.rounds : ending.rounds;
        try (Accounts accounts = new Accounts(database, history);
                TopicReader reader = new TopicReader(receipts::take)) {
            reader.start(Accounts.TOPIC);
            accounts.startWriting();
            for (int round = 0; round < rounds; round++) {
                try (RunningWorker worker = ending.start(directory, database.address())) {
                    comeAndGo(worker, accounts, round % 2 == 0);
                }
            }
            open.run();
            accounts.stopWriting();
            try (RunningWorker worker = ending.start(directory, database.address())) {
                awaitOf(worker, () -> receipts.latest().equals(accounts.entries()));
            }
        }
        Verdict verdict = HistoryChecker.check(history);
        log.info("{} {} times: {}, duplicates: {}", ending, rounds, verdict, verdict.count(Violation.DUPLICATE));
        verdict.assertNoneLost().assertNoPhantoms().assertInOrder();
        assertThat(receipts.gaps()).isZero();
    }

    private void comeAndGo(RunningWorker worker, Accounts accounts, boolean duringEvents) {
        accounts.pauseWriting();
        awaitThatTheSlotFollows(worker);
        open.run();
        open = () -> {};
        accounts.resumeWriting();
        int before = receipts.count();
        awaitOf(worker, () -> receipts.count() > before + EVENTS_IN_BETWEEN);
        if (duringEvents) {
            open = accounts.hold();
        } else {
            accounts.pauseWriting();
            awaitThatTheSlotFollows(worker);
            awaitThatTheSlotFollows(worker);
        }
        writeElsewhereForAWhile(worker);
    }

    private void awaitThatTheSlotFollows(RunningWorker worker) {
        String place = writeElsewhere();
        awaitOf(worker, () -> isConfirmed(place));
    }

    private void writeElsewhereForAWhile(RunningWorker worker) {
        int millis = ThreadLocalRandom.current().nextInt(LONGEST_WAIT_MILLIS);
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        awaitOf(worker, () -> {
            writeElsewhere();
            return System.nanoTime() >= end;
        });
    }

    /** Writes what is no event, and lets the server know where running transactions began, as it does every 15 s. */
    private String writeElsewhere() {
        database.jdbc().sql("INSERT INTO other SELECT generate_series(1, 10)").update();
        return database.jdbc()
                .sql("SELECT CAST(pg_log_standby_snapshot() AS text)")
                .query(String.class)
                .single();
    }

    private boolean isConfirmed(String place) {
        return database.jdbc()
                .sql("SELECT confirmed_flush_lsn >= CAST(? AS pg_lsn) FROM pg_replication_slots")
                .param(place)
                .query(Boolean.class)
                .single();
    }

    private static void awaitOf(RunningWorker worker, Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertThat(worker.isFailed()).as("the connector has given up").isFalse();
            return condition.call();
        });
    }

    /** How a worker ends. */
    enum Ending {
        STOPPED(4) {
            @Override
            RunningWorker start(Path directory, TestDatabase database) {
                KafkaConnect connect = KafkaConnect.start(directory);
                connect.post(database.url(), OFTEN);
                return new RunningWorker(connect::isFailed, connect::close);
            }
        },
        ABANDONED(4) {
            @Override
            RunningWorker start(Path directory, TestDatabase database) {
                KafkaConnect connect = KafkaConnect.start(directory);
                connect.post(database.url(), OFTEN);
                return new RunningWorker(connect::isFailed, connect::abandon);
            }
        },
        KILLED(2) {
            @Override
            RunningWorker start(Path directory, TestDatabase database) {
                ConnectJvm connect = ConnectJvm.start(directory, database, OFTEN);
                return new RunningWorker(connect::isFailed, connect::kill);
            }
        };

        private final int rounds;

        Ending(int rounds) {
            this.rounds = rounds;
        }

        abstract RunningWorker start(Path directory, TestDatabase database);
    }

    /** A worker with the connector. */
    private record RunningWorker(Callable<Boolean> failed, Runnable ending) implements AutoCloseable {

        boolean isFailed() throws Exception {
            return failed.call();
        }

        @Override
        public void close() {
            ending.run();
        }
    }
}
