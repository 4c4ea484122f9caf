package dev.freehold.outbox;

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
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Relays that share the shards of an outbox. */
class ShardTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** So long that nobody takes over because a lease is over. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(40);
    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    private final List<OutboxRelay> relays = new ArrayList<>();
    private volatile boolean firstIsBroken;

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
    }

    @AfterEach
    void drop() {
        relays.forEach(relay -> relay.stop(Duration.ofSeconds(10)));
        dataSource.close();
        database.drop();
    }

    @Test
    void areSharedByThoseThatCome() {
        OutboxRelay first = start(4, LONG);
        awaitShards(first, 4);
        OutboxRelay second = start(4, LONG);
        awaitShards(first, 2);
        awaitShards(second, 2);
        OutboxRelay third = start(4, LONG);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(List.of(held(first), held(second), held(third)))
                        .containsExactlyInAnyOrder(2, 1, 1));
        assertThat(shards(first)).doesNotContainAnyElementsOf(shards(second));
    }

    @Test
    void areTakenAtOnceFromOneThatGoes() throws SQLException {
        OutboxRelay first = start(4, LONG);
        OutboxRelay second = start(4, LONG);
        awaitShards(first, 2);
        awaitShards(second, 2);
        append(40);
        awaitSent(40);

        first.stop(Duration.ofSeconds(10));
        awaitShards(second, 4);
        append(40);
        awaitSent(80);
        assertThat(sent).hasSize(80);
    }

    @Test
    void areLeftToOthersByOneThatCannotPublish() throws SQLException {
        firstIsBroken = true;
        OutboxRelay broken = start(2, Duration.ofSeconds(1));
        await().atMost(LIMIT).until(() -> broken.status().failures() > 0);
        start(2, Duration.ofSeconds(1));
        append(40);
        awaitSent(40);
        firstIsBroken = false;
        OutboxRelay second = relays.get(1);
        await().atMost(LIMIT).until(() -> held(broken) == 1 && held(second) == 1);
        assertThat(broken.status().failingSince()).isNull();
    }

    @Test
    void changeTheirNumberWhileEventsGoOn() throws SQLException {
        OutboxRelay first = start(1, LONG);
        awaitShards(first, 1);
        append(10);
        OutboxRelay second = start(3, LONG);
        await().atMost(LIMIT).until(() -> held(first) + held(second) == 3);
        append(10);
        OutboxRelay third = start(2, LONG);
        await().atMost(LIMIT).until(() -> held(first) + held(second) + held(third) == 2);
        append(10);
        awaitSent(30);
        second.stop(Duration.ofSeconds(10));
        third.stop(Duration.ofSeconds(10));
        awaitShards(first, 2);
        append(10);
        awaitSent(40);
        assertThat(sent).as("nothing twice").hasSize(40);
        assertThat(first.backlog().events()).isZero();
    }

    /** Who has the only shard looks for nothing else; so it must hear that nobody else takes the next step. */
    @Test
    void changeTheirNumberThoughTheRelayThatBeganToIsGone() throws SQLException {
        OutboxRelay only = start(1, Duration.ofSeconds(1));
        awaitShards(only, 1);
        append(10);
        awaitSent(10);

        ShardStore killed = new PostgresOutboxStore(dataSource).shards();
        killed.want(3);
        assertThat(killed.change()).isTrue();
        await().atMost(LIMIT)
                .until(() -> killed.look("nobody", 1, LONG).seats().stream()
                        .allMatch(seat -> seat.stage().phase() != Stage.Phase.CLOSING));

        append(10);
        awaitSent(20);
    }

    private OutboxRelay start(int shards, Duration lease) {
        boolean first = relays.isEmpty();
        OutboxRelay relay = OutboxRelay.builder()
                .dataSource(dataSource)
                .name("relay-" + relays.size())
                .transport(new Sink(first))
                .settings(RelaySettings.defaults()
                        .withLease(lease)
                        .withMaxBackoff(Duration.ofMillis(500), Duration.ofSeconds(1))
                        .withShards(shards))
                .build();
        relay.start();
        relays.add(relay);
        return relay;
    }

    private static int held(OutboxRelay relay) {
        return shards(relay).size();
    }

    private static TreeSet<Integer> shards(OutboxRelay relay) {
        return new TreeSet<>(relay.status().shards());
    }

    private static void awaitShards(OutboxRelay relay, int number) {
        await().atMost(LIMIT).until(() -> held(relay) == number);
    }

    private void awaitSent(int number) {
        await().atMost(LIMIT).until(() -> new TreeSet<>(sent).size() == number);
    }

    private void append(int events) throws SQLException {
        int before = sentKeys++;
        try (Connection connection = dataSource.getConnection()) {
            new PostgresOutboxStore(dataSource)
                    .append(
                            connection,
                            IntStream.range(0, events)
                                    .mapToObj(n -> new StoredEvent(
                                            UUID.randomUUID(),
                                            "topic",
                                            before + "-" + n,
                                            "type",
                                            1,
                                            new byte[2],
                                            null,
                                            Instant.EPOCH))
                                    .toList(),
                            List.of());
        }
    }

    private int sentKeys;

    /** The first relay's is broken now and then. */
    private final class Sink implements OutboxTransport, OutboxTransport.Session {

        private final boolean first;

        Sink(boolean first) {
            this.first = first;
        }

        @Override
        public Session open(String shard) {
            if (first && firstIsBroken) {
                throw new IllegalStateException("it is broken");
            }
            return this;
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            events.forEach(event -> sent.add(event.key()));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
