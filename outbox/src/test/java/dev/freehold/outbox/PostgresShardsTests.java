package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Shards of a log. */
class PostgresShardsTests {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int BYTES = 1 << 20;

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final PostgresOutboxStore store = new PostgresOutboxStore(dataSource);

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

    /** Or one without events would look through those of the others, more and more of them. */
    @Test
    void moveOnWithoutEventsOfTheirOwn() throws SQLException {
        shards(8);
        append(List.of("one"));
        int moved = 0;
        for (int shard = 0; shard < 8; shard++) {
            Lease lease = lease(shard);
            Page page = store.read(lease, lease.noted(), new PageLimit(10, BYTES, null));
            if (page.events().isEmpty()) {
                assertThat(page.next()).isNotEqualTo(lease.noted());
                assertThat(page.next().number()).isEqualTo(lease.noted().number());
                moved++;
            }
            append(List.of("two"));
            assertThat(page.events().stream().map(StoredEvent::key).toList()).isSubsetOf("one", "two");
        }
        assertThat(moved).isGreaterThanOrEqualTo(6);
    }

    /** What is done is done no more, if it is to be published again. */
    @Test
    void changeOnlyWhenARepublicationIsThrough() throws SQLException {
        append(List.of("1"));
        shards(1);
        Lease old = lease(0);
        store.shards().want(2);
        assertThat(store.shards().change()).isTrue();
        assertThat(store.complete(old)).isPresent();
        assertThat(store.shards().change()).isTrue();
        assertThat(store.complete(old).orElseThrow().phase()).isEqualTo(Stage.Phase.DONE);

        store.rewind(Instant.EPOCH);
        assertThat(store.shards().change()).isFalse();
        assertThat(lease(0).stage().phase()).isEqualTo(Stage.Phase.LAST);
    }

    @Test
    void areRewoundAllTogether() throws SQLException {
        shards(3);
        append(IntStream.range(0, 50).mapToObj(String::valueOf).toList());
        for (int shard = 0; shard < 3; shard++) {
            Lease lease = lease(shard);
            assertThat(store.save(lease, readAll(lease).next(), LEASE)).isPresent();
        }
        assertThat(store.backlog().events()).isZero();

        assertThat(store.rewind(Instant.EPOCH)).isEqualTo(50);
        assertThat(store.backlog().events()).isEqualTo(50);
        int read = 0;
        for (int shard = 0; shard < 3; shard++) {
            read += readAll(lease(shard)).events().size();
        }
        assertThat(read).isEqualTo(50);
    }

    private void shards(int number) throws SQLException {
        assertThat(store.shards().look("one", number, LEASE).seats()).hasSize(number);
    }

    private Lease lease(int shard) throws SQLException {
        return store.acquire("one", shard, LEASE).orElseThrow();
    }

    private Page readAll(Lease lease) throws SQLException {
        return store.read(lease, lease.noted(), new PageLimit(1_000, BYTES, null));
    }

    private void append(List<String> keys) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            store.append(
                    connection,
                    keys.stream()
                            .map(key -> new StoredEvent(
                                    UUID.randomUUID(), "topic", key, "type", 1, new byte[1], null, Instant.EPOCH))
                            .toList(),
                    List.of());
        }
    }
}
