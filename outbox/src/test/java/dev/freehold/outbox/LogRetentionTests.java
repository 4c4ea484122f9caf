package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Old events go, by the part; nothing that is not published, or not old, goes; and nobody waits for it. */
class LogRetentionTests {

    private static final Duration RETENTION = Duration.ofDays(7);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final PostgresOutboxStore store = new PostgresOutboxStore(dataSource, new LogParts(RETENTION));
    private final Instant old = Instant.now().minus(RETENTION.plusMinutes(1));

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
    void emptiesWhatIsOldAndPublishedAndNothingElse() throws SQLException {
        append(old, "old");
        append(Instant.now(), "young");
        publishAll();

        assertThat(store.emptyOldParts(RETENTION)).isEqualTo(1);
        assertThat(keys()).containsExactly("young");
    }

    @Test
    void keepsWhatIsNotPublished() throws SQLException {
        append(old, "published");
        publishAll();
        append(old, "not published");

        assertThat(store.emptyOldParts(RETENTION)).isZero();
        assertThat(keys()).containsExactly("published", "not published");
        publishAll();
        assertThat(store.emptyOldParts(RETENTION)).isEqualTo(1);
    }

    @Test
    void keepsWhatACommittedLateThoughItsPositionIsLow() throws SQLException {
        try (Connection late = dataSource.getConnection()) {
            late.setAutoCommit(false);
            store.append(late, List.of(event(old, "late")), List.of());
            append(old, "later");
            publishAll();

            assertThat(store.emptyOldParts(RETENTION))
                    .as("the open transaction keeps its part")
                    .isZero();
            late.commit();
            assertThat(store.emptyOldParts(RETENTION))
                    .as("committed, and not published")
                    .isZero();
            late.setAutoCommit(true);
        }
        assertThat(keys()).containsExactlyInAnyOrder("late", "later");
    }

    @Test
    void keepsEverythingUntilARelayHasBegun() throws SQLException {
        append(old, "old");

        assertThat(store.emptyOldParts(RETENTION)).isZero();
        assertThat(keys()).containsExactly("old");
    }

    @Test
    void keepsAWindowThatIsBeingPublished() throws SQLException {
        append(old, "1", "2", "3");
        Lease lease = TestLeases.acquire(store, "relay", LEASE).orElseThrow();
        store.save(
                lease,
                store.readAgain(lease.noted(), new PageLimit(2, 1 << 20, null)).next(),
                LEASE);

        assertThat(store.emptyOldParts(RETENTION)).isZero();
        assertThat(keys()).containsExactly("1", "2", "3");
    }

    @Test
    void waitsForNobodyWhoReadsAnOldPartAndHindersNobodyWhoWrites() throws SQLException {
        append(old, "old");
        publishAll();
        try (Connection backup = dataSource.getConnection();
                Connection writer = dataSource.getConnection()) {
            writer.setAutoCommit(false);
            store.append(writer, List.of(event(Instant.now(), "young")), List.of());
            backup.setAutoCommit(false);
            backup.createStatement().execute("LOCK TABLE outbox_event IN ACCESS SHARE MODE");

            assertThat(store.emptyOldParts(RETENTION)).isZero();
            backup.rollback();
            backup.setAutoCommit(true);
            assertThat(store.emptyOldParts(RETENTION))
                    .as("with the writer's transaction open")
                    .isEqualTo(1);
            writer.commit();
            writer.setAutoCommit(true);
        }
        assertThat(keys()).containsExactly("young");
    }

    @Test
    void isTheRelaysWorkAndLosesNothing() throws SQLException {
        UnreliableTransport transport = new UnreliableTransport(20);
        Duration retention = Duration.ofSeconds(2);
        PostgresOutboxStore writing = new PostgresOutboxStore(dataSource, new LogParts(retention));
        Set<String> written = new HashSet<>();
        RelaySettings settings = RelaySettings.defaults().withRetention(retention);
        try (DefaultOutboxRelay relay = new DefaultOutboxRelay("test", () -> writing, transport, settings)) {
            relay.start();
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> {
                String key = "key-" + written.size();
                append(writing, Instant.now(), key);
                written.add(key);
                relay.wakeUp();
                return written.size() > 100
                        && jdbc.sql("SELECT count(*) FROM outbox_event")
                                        .query(Long.class)
                                        .single()
                                < written.size() / 2;
            });
            await().atMost(LIMIT).until(() -> taken(transport).equals(written));
        }
    }

    @Test
    void givesEachPartItsTurn() {
        LogParts parts = new LogParts(RETENTION);
        Instant start = Instant.EPOCH.plus(Duration.ofDays(14 * 1_000));

        assertThat(IntStream.range(0, 8)
                        .mapToObj(
                                n -> parts.at(start.plus(RETENTION.dividedBy(2).multipliedBy(n)))))
                .containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
        assertThat(parts.at(Instant.EPOCH.minusSeconds(1))).isEqualTo(3);
        assertThat(new LogParts(Duration.ZERO).at(Instant.now())).isBetween(0, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LogParts(Duration.ofMillis(999)))
                .withMessageContaining("retention must be at least 1 second, or zero to keep everything, was PT0.999S");
    }

    private void publishAll() throws SQLException {
        Lease lease = TestLeases.acquire(store, "relay", LEASE).orElseThrow();
        Progress progress = lease.noted();
        Page page;
        do {
            page = store.readAgain(progress, new PageLimit(100, 1 << 20, null));
            progress = page.next();
        } while (page.more());
        assertThat(store.save(lease, progress, LEASE)).isPresent();
    }

    private void append(Instant time, String... keys) throws SQLException {
        append(store, time, keys);
    }

    private void append(OutboxStore to, Instant time, String... keys) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            for (String key : keys) {
                to.append(connection, List.of(event(time, key)), List.of());
            }
        }
    }

    private static StoredEvent event(Instant time, String key) {
        return new StoredEvent(UUID.randomUUID(), "topic", key, "type", 1, new byte[2], null, time);
    }

    private List<String> keys() {
        return jdbc.sql("SELECT aggregateid FROM outbox_event ORDER BY position")
                .query((row, n) -> row.getString(1))
                .list();
    }

    private static Set<String> taken(UnreliableTransport transport) {
        return transport.taken().stream().map(StoredEvent::key).collect(Collectors.toSet());
    }
}
