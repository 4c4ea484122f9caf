package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** In another cluster nothing falls silent, and nothing that is published is published again. */
class PostgresMoveTests {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final List<String> TABLES =
            List.of("outbox_event", "outbox_progress", "outbox_parked_key", "outbox_parked");

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final PostgresOutboxStore store = new PostgresOutboxStore(dataSource);

    @BeforeEach
    void createTables() {
        createTables(dataSource);
    }

    private static void createTables(HikariDataSource in) {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql")).execute(in);
    }

    @AfterEach
    void drop() {
        dataSource.close();
        database.drop();
    }

    /** Its pool has connected anew without a failure, and it goes on as if nothing had happened. */
    @Test
    void takesTheLeasesOfOtherShardsFromThoseWhoHadThemThere() throws Exception {
        store.shards().look("a", 2, LEASE);
        assertThat(store.acquire("a", 0, LEASE)).isPresent();
        Lease other = store.acquire("b", 1, LEASE).orElseThrow();
        Snapshot there = new Snapshot("900000000:900000000:");
        JdbcClient.create(dataSource)
                .sql("UPDATE outbox_progress SET cluster = 'there', seen = CAST(? AS pg_snapshot)")
                .param(there.text())
                .update();
        append(store, dataSource, 0, 50);

        assertThat(store.acquire("a", 0, LEASE)).isPresent();
        assertThat(store.save(other, new LogProgress(other.firstNumber(), there, null, 0), LEASE))
                .as("a progress in transaction ids of the cluster before")
                .isEmpty();
        Lease again = store.acquire("b", 1, LEASE).orElseThrow();
        assertThat(store.read(again, again.noted(), new PageLimit(100, 1 << 20, null))
                        .events())
                .isNotEmpty();
    }

    /** Its transaction ids begin anew there, so those of new events look long published to the old progress. */
    @Test
    void goesOnAfterARestoreFromADump() throws Exception {
        useTransactionIds(5_000);
        append(store, dataSource, 0, 50);
        try (Connection late = dataSource.getConnection()) {
            late.setAutoCommit(false);
            store.append(late, List.of(event(1_000)), List.of());
            publish(50);
            append(store, dataSource, 50, 100);
            publish(30);
            late.commit();
        }

        try (PostgresServer other = PostgresServer.start()) {
            TestDatabase restored = other.createDatabase();
            try (HikariDataSource there = restored.dataSource(4)) {
                createTables(there);
                restore(there);
                assertThat(transactionId(there)).isLessThan(transactionId(dataSource));
                PostgresOutboxStore moved = new PostgresOutboxStore(there);
                append(moved, there, 100, 120);
                try (Connection open = there.getConnection()) {
                    open.setAutoCommit(false);
                    Lease lease = TestLeases.acquire(moved, "there", LEASE).orElseThrow();
                    Progress next = lease.start(java.util.Optional.empty());
                    List<String> read = new ArrayList<>();
                    next = readAll(moved, next, read);
                    assertThat(read).containsExactlyElementsOf(keys(80, 120, 1_000));
                    append(moved, there, 120, 130);
                    read.clear();
                    readAll(moved, next, read);
                    assertThat(read).containsExactlyElementsOf(keys(120, 130));
                }
            }
        }
    }

    /** In the order of positions: the late one has its own place. */
    private static List<String> keys(int from, int until, int... others) {
        List<String> keys = new ArrayList<>();
        IntStream.of(others).forEach(other -> keys.add("" + other));
        IntStream.range(from, until).forEach(n -> keys.add("" + n));
        return keys;
    }

    @Test
    void goesOnWhereTransactionIdsAreBeyondItsProgress() throws Exception {
        append(store, dataSource, 0, 10);
        publish(10);
        JdbcClient.create(dataSource)
                .sql("UPDATE outbox_progress SET cluster = '42'")
                .update();
        append(store, dataSource, 10, 20);

        Lease lease = TestLeases.acquire(store, "one", LEASE).orElseThrow();
        List<String> read = new ArrayList<>();
        readAll(store, lease.start(java.util.Optional.empty()), read);
        assertThat(read).containsExactlyElementsOf(keys(10, 20));
    }

    private void useTransactionIds(int number) {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        for (int n = 0; n < number; n++) {
            jdbc.sql("SELECT pg_current_xact_id()").query((row, m) -> m).list();
        }
    }

    private static long transactionId(HikariDataSource in) {
        return JdbcClient.create(in)
                .sql("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)")
                .query(Long.class)
                .single();
    }

    private static void append(PostgresOutboxStore to, HikariDataSource in, int from, int until) throws Exception {
        for (int n = from; n < until; n++) {
            try (Connection connection = in.getConnection()) {
                to.append(connection, List.of(event(n)), List.of());
            }
        }
    }

    private static StoredEvent event(int n) {
        return new StoredEvent(
                UUID.randomUUID(), "topic", "" + n, "type", 1, new byte[] {'{', '}'}, null, Instant.EPOCH);
    }

    /** As a relay does, and dies. */
    private void publish(int events) throws Exception {
        Lease lease = TestLeases.acquire(store, "here", LEASE).orElseThrow();
        Progress next = lease.start(java.util.Optional.empty());
        Page page = store.readAgain(next, new PageLimit(events, 1 << 20, null));
        assertThat(page.events()).hasSize(events);
        assertThat(store.save(lease, page.next(), LEASE)).isPresent();
        JdbcClient.create(dataSource)
                .sql("UPDATE outbox_progress SET leased_until = now()")
                .update();
    }

    private static Progress readAll(PostgresOutboxStore from, Progress begin, List<String> keys) throws Exception {
        Progress next = begin;
        Page page;
        do {
            page = from.readAgain(next, new PageLimit(7, 1 << 20, null));
            page.events().forEach(event -> keys.add(event.key()));
            next = page.next();
        } while (page.more());
        return next;
    }

    /** As pg_dump and psql do. */
    private void restore(HikariDataSource there) throws Exception {
        try (Connection from = dataSource.getConnection();
                Connection to = there.getConnection()) {
            for (String table : TABLES) {
                ByteArrayOutputStream rows = new ByteArrayOutputStream();
                from.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY (SELECT * FROM " + table + ") TO STDOUT", rows);
                to.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + table + " FROM STDIN", new ByteArrayInputStream(rows.toByteArray()));
            }
        }
        long position = JdbcClient.create(dataSource)
                .sql("SELECT last_value FROM outbox_event_position")
                .query(Long.class)
                .single();
        JdbcClient.create(there)
                .sql("SELECT setval('outbox_event_position', ?)")
                .param(position)
                .query(Long.class)
                .single();
    }
}
