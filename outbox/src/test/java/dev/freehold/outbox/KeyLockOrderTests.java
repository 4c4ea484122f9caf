package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions that only insert, and so have no row in common: a lock on the key orders their events. What the order of the
 * commits was, the server tells, which notes the time of each.
 */
class KeyLockOrderTests {

    private static final int WRITERS = 16;
    private static final int KEYS = 5;
    private static final int TRANSACTIONS = Boolean.getBoolean("freehold.full") ? 50_000 : 3_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final String TRUE_ORDER = """
            SELECT id, aggregateid AS key,
                   dense_rank() OVER (ORDER BY pg_xact_commit_timestamp(tx::xid)) AS turn
            FROM outbox_event
            """;

    private static PostgresServer server = PostgresServer.shared();

    private final TestDatabase database = server.createDatabase();
    private final HikariDataSource pool = database.dataSource(WRITERS + 4);

    @OutboxEvent(type = "test.locked", topic = "remarks", ordered = KeyOrder.LOCK_KEY)
    record Locked(@EventKey String key) {}

    @OutboxEvent(type = "test.free", topic = "remarks")
    record Free(@EventKey String key) {}

    @BeforeAll
    static void start() {
        server = PostgresServer.start(Map.of("track_commit_timestamp", "on"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql")).execute(pool);
        JdbcClient.create(pool)
                .sql("CREATE TABLE remark (id uuid PRIMARY KEY, text varchar(100))")
                .update();
    }

    @AfterEach
    void drop() {
        pool.close();
        database.drop();
    }

    /** With keys in any order within a transaction, and without a deadlock. */
    @Test
    void keepsTheOrderOfCommits() throws Exception {
        run(Locked::new).assertNoneLost().assertNoPhantoms().assertInOrder();
    }

    @Test
    void isWhatKeepsIt() throws Exception {
        assertThat(run(Free::new).count(Violation.INVERSION)).isPositive();
    }

    private Verdict run(Function<String, Object> event) throws Exception {
        PausingDataSource dataSource = new PausingDataSource(pool);
        DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
        UnreliableTransport transport = new UnreliableTransport(Integer.MAX_VALUE);
        RelaySettings settings = RelaySettings.defaults().withPollInterval(Duration.ofMillis(20));
        try (DefaultOutboxRelay relay =
                new DefaultOutboxRelay("test", () -> new PostgresOutboxStore(pool), transport, settings)) {
            Outbox outbox = Outbox.builder()
                    .dataSource(dataSource)
                    .transactionManager(manager)
                    .afterCommit(relay::wakeUp)
                    .build();
            relay.start();
            int written = write(outbox, new TransactionTemplate(manager), JdbcClient.create(dataSource), event);
            await().atMost(LIMIT).until(() -> transport.taken().size() >= written);
        }
        return judge(transport.taken());
    }

    private static int write(
            Outbox outbox, TransactionTemplate transaction, JdbcClient jdbc, Function<String, Object> event)
            throws Exception {
        AtomicInteger left = new AtomicInteger(TRANSACTIONS);
        AtomicInteger written = new AtomicInteger();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> running = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            running.add(writers.submit(() -> {
                while (left.getAndDecrement() > 0) {
                    transaction.executeWithoutResult(status -> remark(outbox, jdbc, event));
                    written.addAndGet(2);
                }
            }));
        }
        writers.shutdown();
        for (Future<?> each : running) {
            each.get();
        }
        return written.get();
    }

    private static void remark(Outbox outbox, JdbcClient jdbc, Function<String, Object> event) {
        int first = ThreadLocalRandom.current().nextInt(KEYS);
        int second = (first + 1 + ThreadLocalRandom.current().nextInt(KEYS - 1)) % KEYS;
        outbox.publish(event.apply("key-" + first));
        jdbc.sql("INSERT INTO remark VALUES (?, 'fine')")
                .param(UUID.randomUUID())
                .update();
        outbox.publish(event.apply("key-" + second));
    }

    private Verdict judge(List<StoredEvent> taken) {
        try (History history = History.inMemory()) {
            Map<UUID, Long> turns = new HashMap<>();
            JdbcClient.create(pool).sql(TRUE_ORDER).query(row -> {
                UUID id = row.getObject("id", UUID.class);
                turns.put(id, row.getLong("turn"));
                history.committed(id, row.getString("key"), row.getLong("turn"));
            });
            for (StoredEvent event : taken) {
                history.received("consumer", event.id(), event.key(), turns.getOrDefault(event.id(), 0L));
            }
            return HistoryChecker.check(history);
        }
    }
}
