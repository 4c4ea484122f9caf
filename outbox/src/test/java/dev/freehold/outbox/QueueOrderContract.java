package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The order of a key's events is that of its commits, and none is lost, in databases that are used as a queue. */
abstract class QueueOrderContract {

    private static final Logger log = LoggerFactory.getLogger(QueueOrderContract.class);
    private static final int EVENTS = Boolean.getBoolean("freehold.full") ? 200_000 : 6_000;
    private static final int KEYS = 30;
    private static final int WRITERS = 8;
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final OutboxDatabase database;
    private final HikariDataSource dataSource;
    private final Map<UUID, Long> sequences = new ConcurrentHashMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();

    QueueOrderContract(OutboxDatabase database) {
        this.database = database;
        this.dataSource = database.dataSource();
    }

    @OutboxEvent(type = "test.account-changed", topic = "accounts")
    record AccountChanged(@EventKey String account, long sequence) {}

    @BeforeEach
    void createTables() {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(OutboxRelay.class))
                .setLevel(ch.qos.logback.classic.Level.ERROR);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        jdbc.sql("CREATE TABLE account (id varchar(20) PRIMARY KEY, changes bigint NOT NULL)")
                .update();
        for (int key = 0; key < KEYS; key++) {
            jdbc.sql("INSERT INTO account VALUES (?, 0)").param(key(key)).update();
        }
    }

    @AfterEach
    void close() {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(OutboxRelay.class)).setLevel(null);
        database.close();
    }

    @Test
    void isKeptWhileRelaysComeAndGoAndKeysAreParked() throws Exception {
        UnreliableTransport transport = new UnreliableTransport(50, 500);
        try (Relays relays = new Relays(database::store, transport)) {
            DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
            Outbox outbox = Outbox.builder()
                    .dataSource(dataSource)
                    .transactionManager(manager)
                    .afterCommit(relays::wakeUp)
                    .build();
            relays.startChanging(acknowledged::get);
            write(outbox, new TransactionTemplate(manager));
            relays.stopChanging();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> transport.taken().stream()
                                    .map(StoredEvent::id)
                                    .distinct()
                                    .count()
                            == acknowledged.get());
            await().atMost(LIMIT).until(() -> database.store().backlog().events() == 0);
            log.info("{} changes of relays", relays.changes());
        }
        judge(transport.taken()).assertNoneLost().assertNoPhantoms().assertInOrder();
    }

    private Verdict judge(List<StoredEvent> taken) {
        try (History history = History.inMemory()) {
            Map<UUID, String> keys = new ConcurrentHashMap<>();
            taken.forEach(event -> keys.put(event.id(), event.key()));
            sequences.forEach((id, sequence) -> history.committed(id, keys.getOrDefault(id, "never came"), sequence));
            taken.forEach(event ->
                    history.received("consumer", event.id(), event.key(), sequences.getOrDefault(event.id(), 0L)));
            Verdict verdict = HistoryChecker.check(history);
            log.info("{}: {}", getClass().getSimpleName(), verdict);
            return verdict;
        }
    }

    private void write(Outbox outbox, TransactionTemplate transaction) throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> running = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            running.add(writers.submit(() -> {
                while (acknowledged.get() < EVENTS) {
                    change(outbox, transaction);
                }
            }));
        }
        writers.shutdown();
        for (Future<?> writer : running) {
            writer.get();
        }
        assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    /** What the row says under its lock is the truth. */
    private void change(Outbox outbox, TransactionTemplate transaction) {
        String key = key(ThreadLocalRandom.current().nextInt(KEYS));
        boolean rollBack = ThreadLocalRandom.current().nextInt(10) == 0;
        JdbcClient jdbc = JdbcClient.create(dataSource);
        try {
            Map<UUID, Long> committed = new HashMap<>();
            transaction.executeWithoutResult(status -> {
                jdbc.sql("UPDATE account SET changes = changes + 1 WHERE id = ?")
                        .param(key)
                        .update();
                pause();
                long sequence = jdbc.sql("SELECT changes FROM account WHERE id = ?")
                        .param(key)
                        .query(Long.class)
                        .single();
                committed.put(outbox.publish(new AccountChanged(key, sequence)), sequence);
                pause();
                if (rollBack) {
                    status.setRollbackOnly();
                    committed.clear();
                }
            });
            sequences.putAll(committed);
            acknowledged.addAndGet(committed.size());
        } catch (TransientDataAccessException e) { // a deadlock, or a lock that took too long: rolled back
            log.debug("tried again", e);
        }
    }

    private static void pause() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(500_000));
    }

    private static String key(int number) {
        return "account-" + number;
    }
}
