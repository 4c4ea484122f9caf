package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

/** Ids of handled messages go when they are old, and until then nothing is handled twice. */
class InboxRetentionTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration TURN = Duration.ofMillis(500);
    private static final String CONSUMER = "billing";

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(8);
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(dataSource));

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
    }

    @AfterEach
    void drop() {
        dataSource.close();
        database.drop();
    }

    /** Ids of all kinds are delivered again and again, by several threads at once, while turns pass and parts are emptied. */
    @Test
    void recognisesWhatWasHandledForAsLongAsItPromises() throws Exception {
        Duration retention = TURN.multipliedBy(2);
        PostgresInboxStore store = new PostgresInboxStore(dataSource, new InboxParts(TURN, retention));
        Map<UUID, Instant> handled = new ConcurrentHashMap<>();
        Queue<String> repeated = new ConcurrentLinkedQueue<>();
        AtomicInteger forgotten = new AtomicInteger();
        AtomicInteger emptied = new AtomicInteger();
        List<UUID> ids = new ArrayList<>();
        Random random = new Random(7);
        long end = System.nanoTime() + TURN.multipliedBy(3L * InboxParts.COUNT).toNanos();

        onThreads(4, () -> {
            while (System.nanoTime() < end) {
                List<UUID> batch = batch(ids, random);
                Instant before = Instant.now();
                Set<UUID> fresh = transaction.execute(status -> {
                    Set<UUID> found = store.note(CONSUMER, batch);
                    // Under the ids' locks, so that no two threads are here for the same one at a time.
                    for (UUID id : found) {
                        Instant earlier = handled.put(id, before); // not later than the database's time
                        if (earlier != null && earlier.plus(retention).isAfter(Instant.now())) {
                            repeated.add(id + " of " + earlier + " again at " + before);
                        } else if (earlier != null) {
                            forgotten.incrementAndGet();
                        }
                    }
                    return found;
                });
                assertThat(fresh).isNotNull();
                emptied.addAndGet(store.emptyOldParts());
            }
            return null;
        });

        assertThat(repeated).isEmpty();
        assertThat(handled.size()).as("ids").isGreaterThan(200);
        assertThat(forgotten).as("handled again, rightly, once they were old").hasValueGreaterThan(20);
        assertThat(emptied).hasValueGreaterThan(InboxParts.COUNT);
    }

    private static void onThreads(int number, Callable<Void> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(number);
        try {
            List<Future<Void>> running = IntStream.range(0, number)
                    .mapToObj(n -> executor.submit(work))
                    .toList();
            for (Future<Void> one : running) {
                one.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** Some new ids, and some of those that have been delivered before. */
    private static List<UUID> batch(List<UUID> ids, Random random) {
        synchronized (ids) {
            List<UUID> batch = new ArrayList<>();
            for (int n = 0; n < 10; n++) {
                if (ids.isEmpty() || random.nextInt(10) == 0) {
                    ids.add(id(random));
                }
                batch.add(ids.get(ids.size() - 1 - random.nextInt(Math.min(ids.size(), 2_000))));
            }
            return batch;
        }
    }

    private static UUID id(Random random) {
        long turn = TURN.toMillis();
        return switch (random.nextInt(5)) {
            case 0 -> madeAt(Instant.now().toEpochMilli());
            case 1 -> madeAt(Instant.now().toEpochMilli() - random.nextLong(30 * turn));
            case 2 -> madeAt(Instant.now().toEpochMilli() + random.nextLong(turn));
            case 3 -> new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong());
            default -> MessageIds.of("/orders", "orders/0/" + random.nextInt());
        };
    }

    private static UUID madeAt(long millis) {
        UUID random = UUID.randomUUID();
        return new UUID(
                millis << 16 | 0x7000L | random.getMostSignificantBits() & 0xfffL, random.getLeastSignificantBits());
    }

    @Test
    void keepsEverythingForEverWithoutRetention() {
        try (Inbox inbox = inbox(Duration.ZERO)) {
            inbox.once(CONSUMER, "1", () -> {});
            age(Duration.ofDays(400));
        }
        assertThat(noted()).isEqualTo(2);
    }

    @Test
    void emptiesPartsByItself() {
        try (Inbox inbox = inbox(Duration.ofSeconds(1))) {
            inbox.once(CONSUMER, "1", () -> {});
            age(Duration.ofDays(4));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(noted()).isZero());
        }
    }

    /** A backup reads; the business goes on, and so does the backup. */
    @Test
    void waitsForNobodyWhoReadsAPart() throws SQLException {
        PostgresInboxStore store =
                new PostgresInboxStore(dataSource, new InboxParts(Duration.ofMillis(50), Duration.ZERO));
        transaction.executeWithoutResult(status -> store.note(CONSUMER, List.of(UUID.randomUUID())));
        try (Connection backup = dataSource.getConnection()) {
            backup.setAutoCommit(false);
            backup.createStatement().executeQuery("SELECT count(*) FROM inbox_message");
            Instant end = Instant.now().plusMillis(50 * InboxParts.COUNT);
            while (Instant.now().isBefore(end)) {
                assertThat(store.emptyOldParts()).isZero();
            }
            backup.rollback();
        }
        await().atMost(LIMIT).until(() -> store.emptyOldParts() + noted() == 0 || noted() == 0);
    }

    private Inbox inbox(Duration retention) {
        return Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(new DataSourceTransactionManager(dataSource))
                .settings(new InboxSettings(1, Duration.ofMillis(1), InboxSettings.UnknownType.IGNORE, retention))
                .build();
    }

    /** Moves what is noted into the part that it would be in, had it been noted that long ago. */
    private void age(Duration age) {
        long turn = Instant.now().minus(age).toEpochMilli() / Duration.ofDays(3).toMillis();
        jdbc.sql("UPDATE inbox_message SET part = ? WHERE part = ?")
                .params(
                        InboxParts.partOf(turn),
                        InboxParts.partOf(Instant.now().toEpochMilli()
                                / Duration.ofDays(3).toMillis()))
                .update();
        jdbc.sql("DELETE FROM inbox_message WHERE part <> ?")
                .param(InboxParts.partOf(turn))
                .update();
        jdbc.sql("INSERT INTO inbox_message (part, consumer, id) VALUES (?, 'other', gen_random_uuid())")
                .param(InboxParts.partOf(turn))
                .update();
    }

    private int noted() {
        return jdbc.sql("SELECT count(*) FROM inbox_message")
                .query(Integer.class)
                .single();
    }
}
