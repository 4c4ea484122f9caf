package dev.freehold.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.ParkedStore.Parking;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class PostgresParkedStoreTests {

    private static final int ROUNDS = 200;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final TopicKey KEY = new TopicKey("topic", "key");

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final PostgresOutboxStore log = new PostgresOutboxStore(dataSource);
    private final PostgresParkedStore store = new PostgresParkedStore(dataSource);

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

    @Test
    void keepsTheOrderOfTheLogAndEachEventOnce() throws SQLException {
        Page page = append("1", "2", "3");
        store.park(lease(), List.of(parking(page, 1), parking(page, 0)), SECOND);
        store.park(lease(), List.of(parking(page, 0), parking(page, 2)), SECOND);
        published(page);

        assertThat(payloads(store.waiting(KEY, 10))).containsExactly("1", "2", "3");
        assertThat(payloads(store.waiting(KEY, 2))).containsExactly("1", "2");
        assertThat(store.waiting(new TopicKey("topic", "another"), 10)).isEmpty();
    }

    @Test
    void showsAnEventWhenTheProgressIsBeyondIt() throws SQLException {
        Page both = append("1", "2");
        Lease lease = TestLeases.acquire(log, "relay", LEASE).orElseThrow();
        Page first = log.readAgain(lease.noted(), new PageLimit(1, 1 << 20, null));
        Page second = log.readAgain(first.next(), new PageLimit(1, 1 << 20, null));
        store.park(lease, List.of(parking(both, 0), parking(both, 1)), SECOND);
        assertThat(store.waiting(KEY, 10)).isEmpty();

        log.save(lease, first.next(), LEASE);
        assertThat(payloads(store.waiting(KEY, 10))).containsExactly("1");
        log.save(lease, second.next(), LEASE);
        assertThat(payloads(store.waiting(KEY, 10))).containsExactly("1", "2");
    }

    @Test
    void parksAKeyAsLongAsItHasEvents() throws SQLException {
        Page page = append("1");
        assertThat(store.hasParkedKeys()).isFalse();
        store.park(lease(), List.of(parking(page, 0)), SECOND);
        published(page);
        assertThat(store.hasParkedKeys()).isTrue();
        assertThat(store.parked(Set.of(KEY, new TopicKey("topic", "another")))).containsExactly(KEY);
        assertThat(store.unpark(KEY)).isFalse();

        store.remove(ids(store.waiting(KEY, 10)));
        assertThat(store.unpark(KEY)).isTrue();
        assertThat(store.parked(Set.of(KEY))).isEmpty();
    }

    /** With fewer parked keys than are asked for, with more, and with a topic that is paused. */
    @Test
    void tellsWhichOfSomeKeysAreParked() throws SQLException {
        TopicKey second = new TopicKey("topic", "second");
        TopicKey paused = new TopicKey("paused", "any");
        TopicKey free = new TopicKey("topic", "free");
        Lease lease = lease();
        store.parkKey(lease, KEY, "refused", SECOND);
        store.parkKey(lease, second, "refused", SECOND);
        store.parkKey(lease, new TopicKey("paused", ""), "paused", SECOND);

        assertThat(store.parked(Set.of(KEY, second, paused, free))).containsExactlyInAnyOrder(KEY, second, paused);
        assertThat(store.parked(Set.of(KEY))).containsExactly(KEY);
        assertThat(store.parked(Set.of(paused))).containsExactly(paused);
        assertThat(store.parked(Set.of(free))).isEmpty();
    }

    @Test
    void parksNoKeyForDeadLetters() throws SQLException {
        Page page = append("1");
        store.park(lease(), List.of(new Parking(page.positions()[0], KEY, true, "refused")), SECOND);
        published(page);

        assertThat(store.hasParkedKeys()).isFalse();
        assertThat(store.waiting(KEY, 10)).isEmpty();
        assertThat(store.dead(Set.of(page.events().get(0).id(), UUID.randomUUID())))
                .containsExactly(page.events().get(0).id());
    }

    /** Or the event would be left behind with nobody to look at it, and the next ones of its key would overtake it. */
    @Test
    void doesNotLetAKeyGoWhileAnEventIsBeingPutBehind() throws Exception {
        Page page = append("1");
        store.parkKey(lease(), KEY, "refused", SECOND);
        try (Connection relay = dataSource.getConnection()) {
            relay.setAutoCommit(false);
            new PostgresParkedStore(new SingleConnectionDataSource(withoutCommit(relay), true))
                    .park(lease(), List.of(parking(page, 0)), SECOND);

            CompletableFuture<Boolean> unparked = CompletableFuture.supplyAsync(() -> store.unpark(KEY), aThread());
            await().atMost(LIMIT).until(this::somebodyWaitsForALock);
            relay.commit();
            relay.setAutoCommit(true);
            assertThat(unparked.get()).isFalse();
        }
        assertThat(store.parked(Set.of(KEY))).containsExactly(KEY);
    }

    /** Or PostgreSQL would end one of them, and a page would be read again for nothing. */
    @Test
    void locksKeysThatFailAndKeysThatAreParkedInOneOrder() throws Exception {
        Page page = append("1");
        Lease lease = lease();
        List<TopicKey> keys = IntStream.range(0, 50)
                .mapToObj(n -> new TopicKey("topic", "key-" + n))
                .collect(Collectors.toList());
        List<Parking> parkings = keys.stream()
                .map(key -> new Parking(page.positions()[0], key, false, "refused"))
                .toList();
        store.park(lease, parkings, SECOND);
        Collections.reverse(keys);
        Map<TopicKey, String> causes = new LinkedHashMap<>();
        keys.forEach(key -> causes.put(key, "refused again"));

        CompletableFuture<Void> failing = CompletableFuture.runAsync(
                () -> repeat(() -> store.failed(causes, SECOND, Duration.ofMinutes(5))), aThread());
        repeat(() -> store.park(lease, parkings, SECOND));
        failing.get();
        assertThat(jdbc.sql("SELECT DISTINCT attempts FROM outbox_parked_key")
                        .query(Integer.class)
                        .list())
                .containsExactly(ROUNDS);
    }

    private static void repeat(Runnable action) {
        IntStream.range(0, ROUNDS).forEach(n -> action.run());
    }

    private static Executor aThread() {
        return task -> new Thread(task).start();
    }

    private static Connection withoutCommit(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit") || method.getName().equals("setAutoCommit")) {
                        return null;
                    }
                    return method.invoke(connection, arguments);
                });
    }

    @Test
    void triesAgainLaterAndLaterUpToTheLongestPause() throws SQLException {
        Page page = append("1");
        store.park(lease(), List.of(parking(page, 0)), Duration.ofHours(1));
        assertThat(store.due(Shard.WHOLE, 10)).isEmpty();
        assertThat(store.untilNextAttempt(Shard.WHOLE))
                .get()
                .satisfies(left -> assertThat(left).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60)));

        jdbc.sql("UPDATE outbox_parked_key SET next_attempt_at = now()").update();
        assertThat(store.due(Shard.WHOLE, 10)).containsExactly(KEY);
        for (int minutes : new int[] {1, 2, 4, 8, 10, 10}) {
            store.failed(Map.of(KEY, "refused again"), Duration.ofMinutes(1), Duration.ofMinutes(10));
            assertThat(store.untilNextAttempt(Shard.WHOLE))
                    .get()
                    .satisfies(left -> assertThat(left.toSeconds()).isBetween(minutes * 45L - 5, minutes * 75L));
        }
        assertThat(jdbc.sql("SELECT attempts || ' ' || cause FROM outbox_parked_key")
                        .query((row, n) -> row.getString(1))
                        .list())
                .containsExactly("6 refused again");
    }

    private boolean somebodyWaitsForALock() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
                .query(Boolean.class)
                .single();
    }

    private Page append(String... payloads) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            log.append(
                    connection,
                    Arrays.stream(payloads)
                            .map(payload -> new StoredEvent(
                                    UUID.randomUUID(),
                                    "topic",
                                    "key",
                                    "type",
                                    1,
                                    payload.getBytes(UTF_8),
                                    null,
                                    Instant.EPOCH))
                            .toList(),
                    List.of());
        }
        return log.readAgain(lease().noted(), new PageLimit(100, 1 << 20, null));
    }

    private Lease lease() throws SQLException {
        return TestLeases.acquire(log, "relay", LEASE).orElseThrow();
    }

    private void published(Page page) throws SQLException {
        assertThat(log.save(lease(), page.next(), LEASE)).isPresent();
    }

    private static Parking parking(Page page, int n) {
        return new Parking(page.positions()[n], KEY, false, n == 0 ? "refused" : null);
    }

    private static List<String> payloads(List<StoredEvent> events) {
        return events.stream()
                .map(parked -> new String(parked.payload(), UTF_8))
                .toList();
    }

    private static List<UUID> ids(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::id).toList();
    }
}
