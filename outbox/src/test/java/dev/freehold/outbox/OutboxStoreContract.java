package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What a store does in any database. */
abstract class OutboxStoreContract {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int BYTES = 1 << 20;

    abstract HikariDataSource dataSource();

    abstract OutboxStore store();

    abstract OutboxStore storeOn(DataSource other);

    @Nested
    class Reading {

        @Test
        void returnsWhatWasStored() throws SQLException {
            StoredEvent event = new StoredEvent(
                    UUID.randomUUID(),
                    "topic",
                    "key",
                    "type",
                    7,
                    new byte[] {0, 1, -1},
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    Instant.parse("2026-11-22T09:22:00.123456Z"));
            append(event);

            assertThat(read(start(), 10).events())
                    .singleElement()
                    .usingRecursiveComparison()
                    .isEqualTo(event);
        }

        @Test
        void returnsATombstoneAmongOthers() throws SQLException {
            append(event("a", 1), tombstone("b"), event("c", 1), tombstone("d"));

            Page first = read(start(), 2);
            assertThat(keys(first)).containsExactly("a", "b");
            assertThat(first.events().get(1).payload()).isNull();
            assertThat(keys(read(first.next(), 2))).containsExactly("c", "d");
        }

        private StoredEvent tombstone(String key) {
            return new StoredEvent(UUID.randomUUID(), "topic", key, "type", 1, null, null, Instant.EPOCH);
        }

        @Test
        void goesThroughALargeWindowInPages() throws SQLException {
            List<String> keys =
                    IntStream.range(0, 1_000).mapToObj(String::valueOf).toList();
            append(keys);

            List<String> read = new ArrayList<>();
            Progress progress = start();
            Page page;
            do {
                page = read(progress, 64);
                assertThat(page.events()).hasSizeLessThanOrEqualTo(64);
                page.events().forEach(event -> read.add(event.key()));
                progress = page.next();
            } while (page.more());
            assertThat(read).containsExactlyElementsOf(keys);
            assertThat(read(progress, 64).events()).isEmpty();
        }

        @Test
        void endsAPageThatIsExactlyFull() throws SQLException {
            append(List.of("1", "2", "3"));

            Page page = read(start(), 3);
            assertThat(page.events()).hasSize(3);
            assertThat(page.more()).isFalse();
            append(List.of("4"));
            assertThat(keys(read(page.next(), 3))).containsExactly("4");
        }

        @Test
        void meetsEventsOfLaterTransactionsLater() throws SQLException {
            append(List.of("1", "2", "3"));
            Page first = read(start(), 2);
            append(List.of("4", "5"));
            Page second = read(first.next(), 2);
            append(List.of("6"));
            Page third = read(second.next(), 10);
            Page fourth = read(third.next(), 10);

            assertThat(keys(first)).containsExactly("1", "2");
            List<String> rest = new ArrayList<>(keys(second));
            rest.addAll(keys(third));
            rest.addAll(keys(fourth));
            assertThat(rest).containsExactly("3", "4", "5", "6");
        }

        @Test
        void meetsALateCommitWithALowerPosition() throws SQLException {
            try (Connection late = dataSource().getConnection()) {
                late.setAutoCommit(false);
                store().append(late, List.of(event("late", 1)), List.of());
                append(List.of("1", "2", "3"));
                Page before = read(start(), 2);
                Page rest = read(before.next(), 2);
                assertThat(keys(before)).containsExactly("1", "2");
                assertThat(keys(rest)).containsExactly("3");

                late.commit();
                append(List.of("4"));
                assertThat(keys(read(rest.next(), 10))).containsExactly("late", "4");
                late.setAutoCommit(true);
            }
        }

        @Test
        void neverMeetsWhatWasRolledBack() throws SQLException {
            try (Connection connection = dataSource().getConnection()) {
                connection.setAutoCommit(false);
                store().append(connection, List.of(event("gone", 1)), List.of());
                connection.rollback();
                connection.setAutoCommit(true);
            }
            append(List.of("1"));
            assertThat(keys(read(start(), 10))).containsExactly("1");
        }

        @Test
        void boundsAPageByBytesAndReadsALargerEventAlone() throws SQLException {
            append(event("1", 400), event("2", 400), event("3", 400), event("4", 5_000), event("5", 1));

            Progress start = start();
            Page first = store().read(lease, start, new PageLimit(10, 1_000, null));
            Page second = store().read(lease, first.next(), new PageLimit(10, 1_000, null));
            Page third = store().read(lease, second.next(), new PageLimit(10, 1_000, null));
            assertThat(keys(first)).containsExactly("1", "2", "3");
            assertThat(keys(second)).containsExactly("4");
            assertThat(keys(third)).containsExactly("5");
            assertThat(first.more()).isTrue();
            assertThat(third.more()).isFalse();
        }
    }

    @Nested
    class Leases {

        @Test
        void belongToOneAtATime() throws SQLException {
            assertThat(TestLeases.acquire(store(), "one", LEASE)).isPresent();
            assertThat(TestLeases.acquire(store(), "two", LEASE)).isEmpty();
            assertThat(TestLeases.acquire(store(), "one", LEASE)).isPresent();
        }

        @Test
        void passOnWhenTheyAreOverWithTheProgressNoted() throws SQLException {
            append(List.of("1", "2", "3"));
            Lease first =
                    TestLeases.acquire(store(), "one", Duration.ofMillis(200)).orElseThrow();
            Page page = read(begin(first), 2);
            assertThat(store().save(first, page.next(), Duration.ofMillis(200))).isPresent();

            Lease second = await().until(() -> TestLeases.acquire(store(), "two", LEASE), Optional::isPresent)
                    .orElseThrow();
            assertThat(second.epoch()).isGreaterThan(first.epoch());
            assertThat(keys(read(begin(second), 10))).containsExactly("3");
        }

        @Test
        void refuseTheProgressOfAFormerOwner() throws SQLException {
            append(List.of("1"));
            Lease first =
                    TestLeases.acquire(store(), "one", Duration.ofMillis(100)).orElseThrow();
            Page page = read(begin(first), 10);
            await().until(() -> TestLeases.acquire(store(), "two", LEASE).isPresent());

            assertThat(store().save(first, page.next(), LEASE)).isEmpty();
            store().release(first, page.next());
            assertThat(TestLeases.acquire(store(), "three", LEASE))
                    .as("still the second's")
                    .isEmpty();
            Lease again = TestLeases.acquire(store(), "two", LEASE).orElseThrow();
            assertThat(keys(read(begin(again), 10))).containsExactly("1");
        }

        /** The new one may have published it. */
        @Test
        void letNoFormerOwnerParkAnything() throws SQLException {
            append(List.of("1"));
            Lease first =
                    TestLeases.acquire(store(), "one", Duration.ofMillis(100)).orElseThrow();
            long position = read(begin(first), 10).positions()[0];
            await().until(() -> TestLeases.acquire(store(), "two", LEASE).isPresent());

            TopicKey key = new TopicKey("topic", "1");
            List<ParkedStore.Parking> parking = List.of(new ParkedStore.Parking(position, key, false, "refused"));
            assertThatThrownBy(() -> store().parked().park(first, parking, Duration.ZERO))
                    .isInstanceOf(RelayTerm.LeaseLost.class);
            assertThatThrownBy(() -> store().parked().parkKey(first, key, "refused", Duration.ZERO))
                    .isInstanceOf(RelayTerm.LeaseLost.class);
            assertThat(store().parked().hasParkedKeys()).isFalse();
        }

        @Test
        void areGivenBackAtOnce() throws SQLException {
            append(List.of("1", "2"));
            Lease first = TestLeases.acquire(store(), "one", LEASE).orElseThrow();
            store().release(first, read(begin(first), 1).next());

            Lease second = TestLeases.acquire(store(), "two", LEASE).orElseThrow();
            assertThat(keys(read(begin(second), 10))).containsExactly("2");
        }

        @Test
        void areNotedWhereConnectionsHaveNoAutoCommit() throws SQLException {
            OutboxStore store = storeOn(new DelegatingDataSource(dataSource()) {
                @Override
                public Connection getConnection() throws SQLException {
                    Connection connection = super.getConnection();
                    connection.setAutoCommit(false);
                    return connection;
                }
            });
            append(List.of("1"));
            Lease lease = TestLeases.acquire(store, "one", LEASE).orElseThrow();
            assertThat(store.save(lease, read(begin(lease), 10).next(), LEASE)).isPresent();
            assertThat(TestLeases.acquire(store(), "two", LEASE)).isEmpty();
            assertThat(read(start("one"), 10).events()).isEmpty();
        }
    }

    @Nested
    class Shards {

        @Test
        void haveAllEventsAmongThemAndThoseOfAKeyInOne() throws SQLException {
            List<String> keys =
                    IntStream.range(0, 300).mapToObj(n -> "key-" + n % 100).toList();
            append(keys);
            shards(3);

            List<String> together = new ArrayList<>();
            for (int shard = 0; shard < 3; shard++) {
                List<String> read = keys(readAll(lease(shard)));
                assertThat(read).hasSizeBetween(30, 270);
                assertThat(new HashSet<>(read)).hasSize(read.size() / 3);
                together.addAll(read);
            }
            assertThat(together).containsExactlyInAnyOrderElementsOf(keys);
        }

        @Test
        void changeTheirNumberStepByStep() throws SQLException {
            append(List.of("1", "2", "3"));
            shards(1);
            Lease old = lease(0);
            store().shards().want(2);
            assertThat(store().shards().change()).isTrue();
            assertThat(store().shards().change()).as("not before it is closed").isFalse();

            Page page = read(begin(old), 2);
            assertThat(store().save(old, page.next(), LEASE)
                            .orElseThrow()
                            .stage()
                            .phase())
                    .isEqualTo(Stage.Phase.CLOSING);
            assertThat(store().complete(old).orElseThrow().phase()).isEqualTo(Stage.Phase.CLOSED);
            append(List.of("4"));
            assertThat(store().shards().change()).isTrue();
            append(List.of("5"));
            assertThat(store().shards().change()).as("not before it is done").isFalse();

            Stage last = store().save(old, page.next(), LEASE).orElseThrow().stage();
            assertThat(last.phase()).isEqualTo(Stage.Phase.LAST);
            List<String> published = new ArrayList<>(keys(page));
            while (!page.next().hasReached(Objects.requireNonNull(last.until()))) {
                page = store().read(old, page.next(), new PageLimit(10, BYTES, last.until()));
                published.addAll(keys(page));
            }
            assertThat(store().save(old, page.next(), LEASE)).isPresent();
            assertThat(store().complete(old).orElseThrow().phase()).isEqualTo(Stage.Phase.DONE);
            assertThat(store().acquire("one", 0, LEASE))
                    .as("nothing left to do")
                    .isEmpty();

            assertThat(store().shards().change()).isTrue();
            assertThat(store().save(old, page.next(), LEASE))
                    .as("nobody notes what was before")
                    .isEmpty();
            Lease first = lease(0);
            Lease second = lease(1);
            assertThat(first.shard().of()).isEqualTo(2);
            assertThat(first.epoch()).isGreaterThan(old.epoch());
            published.addAll(keys(readAll(first)));
            published.addAll(keys(readAll(second)));
            assertThat(published).startsWith("1", "2").containsExactlyInAnyOrder("1", "2", "3", "4", "5");
        }

        @Test
        void tryTheirOwnParkedKeys() throws SQLException {
            shards(3);
            List<TopicKey> keys = IntStream.range(0, 30)
                    .mapToObj(n -> new TopicKey("topic", "key-" + n))
                    .toList();
            Lease lease = store().acquire("one", 0, LEASE).orElseThrow();
            keys.forEach(key -> store().parked().parkKey(lease, key, "refused", Duration.ZERO));

            List<TopicKey> due = new ArrayList<>();
            for (int shard = 0; shard < 3; shard++) {
                due.addAll(store().parked().due(new Shard(shard, 3), 100));
                assertThat(store().parked().untilNextAttempt(new Shard(shard, 3)))
                        .isPresent();
            }
            assertThat(due).containsExactlyInAnyOrderElementsOf(keys);
        }

        @Test
        void areSharedAmongThoseThatAttend() throws SQLException {
            shards(4);
            store().shards().attend("one", LEASE);
            store().shards().attend("two", LEASE);
            assertThat(store().shards().look("one", 1, LEASE).relays()).isEqualTo(2);
            assertThat(store().shards().look("one", 1, LEASE).fairShare()).isEqualTo(2);
            assertThat(store().shards().look("three", 1, LEASE).fairShare())
                    .as("one has two, the others one each")
                    .isEqualTo(1);
            store().shards().leave("two");
            assertThat(store().shards().look("one", 1, LEASE).relays()).isEqualTo(1);
        }

        private void shards(int number) throws SQLException {
            assertThat(store().shards().look("one", number, LEASE).seats()).hasSize(number);
        }

        private Lease lease(int shard) throws SQLException {
            return store().acquire("one", shard, LEASE).orElseThrow();
        }

        private Page readAll(Lease lease) throws SQLException {
            Progress start = lease.start(Optional.empty());
            store().begin(lease, start);
            return store().read(lease, start, new PageLimit(1_000, BYTES, null));
        }
    }

    /** The lease whose progress is read from. */
    private Lease lease = new Lease("", Shard.WHOLE, 0, "", new NoProgress(), Stage.OPEN, 0);

    private Progress start() throws SQLException {
        return start("start");
    }

    private Progress start(String owner) throws SQLException {
        return begin(TestLeases.acquire(store(), owner, LEASE).orElseThrow());
    }

    private Progress begin(Lease taken) throws SQLException {
        lease = taken;
        Progress start = taken.start(Optional.empty());
        store().begin(taken, start);
        return start;
    }

    private Page read(Progress from, int events) throws SQLException {
        return store().read(lease, from, new PageLimit(events, BYTES, null));
    }

    void append(List<String> keys) throws SQLException {
        append(keys.stream().map(key -> event(key, 10)).toArray(StoredEvent[]::new));
    }

    private void append(StoredEvent... events) throws SQLException {
        try (Connection connection = dataSource().getConnection()) {
            store().append(connection, Arrays.asList(events), List.of());
        }
    }

    private static StoredEvent event(String key, int bytes) {
        return new StoredEvent(
                UUID.randomUUID(),
                "topic",
                key,
                "type",
                1,
                "x".repeat(bytes).getBytes(StandardCharsets.UTF_8),
                null,
                Instant.EPOCH);
    }

    private static List<String> keys(Page page) {
        return page.events().stream().map(StoredEvent::key).toList();
    }
}
