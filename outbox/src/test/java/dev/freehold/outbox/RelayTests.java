package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class RelayTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(6);
    private final Sink sink = new Sink();

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
    void sendsWhatWasWrittenBeforeItStartedAndWhileItWasStopped() throws SQLException {
        append("1", "2");
        try (OutboxRelay relay = relay(dataSource, Duration.ofSeconds(5))) {
            relay.start();
            awaitKeys("1", "2");
            relay.stop(Duration.ofSeconds(10));
            append("3");
            assertThat(relay.isRunning()).isFalse();
            relay.start();
            awaitKeys("1", "2", "3");
        }
    }

    @Test
    void handsOverAtOnceWhenItIsStoppedAndSendsNothingTwice() throws SQLException {
        Duration longLease = Duration.ofMinutes(5);
        try (OutboxRelay first = relay(dataSource, longLease);
                OutboxRelay second = relay(dataSource, longLease)) {
            first.start();
            append("1");
            awaitKeys("1");
            first.close();
            append("2");
            second.start();
            awaitKeys("1", "2");
        }
        assertThat(sink.keys).containsExactly("1", "2");
    }

    /** Looking by itself, it would be a minute late. */
    @Test
    void takesOverAtOnceWhenAnotherOneGivesTheLeaseBack() throws SQLException {
        Duration longLease = Duration.ofMinutes(5);
        try (OutboxRelay first = relay(dataSource, longLease);
                OutboxRelay second = relay(dataSource, longLease)) {
            first.start();
            append("1");
            awaitKeys("1");
            second.start();
            awaitListeners(2);
            first.close();
            await().atMost(Duration.ofSeconds(20)).until(second::isActive);
        }
    }

    /** Looking by itself, it would be a minute late. */
    @Test
    void hearsOfEventsThatAnotherProcessStores() throws SQLException {
        RelaySettings seldom = RelaySettings.defaults().withPollInterval(Duration.ofMinutes(1));
        try (OutboxRelay active = relay(dataSource, seldom);
                OutboxRelay elsewhere = relay(dataSource, seldom)) {
            active.start();
            append("1");
            awaitKeys("1");
            awaitListeners(1);
            append("2");
            elsewhere.wakeUp();
            await().atMost(Duration.ofSeconds(20)).until(() -> sink.keys.contains("2"));
            append("3");
            new WakeUpCalls(() -> new PostgresOutboxStore(dataSource)).run();
            await().atMost(Duration.ofSeconds(20)).until(() -> sink.keys.contains("3"));
        }
    }

    /** One that is kept for listening would be missing elsewhere. */
    @Test
    void keepsNoConnectionOfASmallPool() throws SQLException {
        try (HikariDataSource small = database.dataSource(2);
                OutboxRelay relay = relay(small, Duration.ofSeconds(5))) {
            relay.start();
            append("1");
            awaitKeys("1");
            assertThat(listeners()).isZero();
        }
    }

    /** Who listens is still waiting for the server then, and the pool would complain of a broken connection. */
    @RepeatedTest(5)
    void endsQuietlyWhenThePoolIsClosedBehindIt() throws SQLException {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger pools = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari.pool");
        logged.start();
        pools.addAppender(logged);
        try (HikariDataSource own = database.dataSource(6)) {
            OutboxRelay relay = relay(own, Duration.ofSeconds(5));
            relay.start();
            awaitListeners(1);
            relay.close();
            own.close();
            await().atMost(LIMIT)
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("outbox-listen")));
        } finally {
            pools.detachAppender(logged);
        }
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    /** What was under way with the refused event is sent again, and there may be many that are refused, one after the other. */
    @Test
    void beginsWithAFewEventsAfterARefusal() throws SQLException {
        append(IntStream.range(0, 3_000).mapToObj(n -> "key-" + n).toArray(String[]::new));
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        AtomicBoolean refuses = new AtomicBoolean(true);
        OutboxTransport refusing = new Sink() {
            @Override
            public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
                sizes.add(events.size());
                if (refuses.getAndSet(false)) {
                    return CompletableFuture.failedFuture(new Refused(events.get(0), "refused", new Exception()));
                }
                return super.send(events, mark);
            }
        };
        OutboxStore store = new PostgresOutboxStore(dataSource);
        try (DefaultOutboxRelay relay =
                new DefaultOutboxRelay("refused", () -> store, refusing, RelaySettings.defaults())) {
            relay.start();
            await().atMost(LIMIT)
                    .until(() -> sizes.stream().mapToInt(size -> size).sum() >= 2_000 + 2_999);
        }
        // one of a page of 32 is parked, and the next page is as large as two
        assertThat(sizes).startsWith(2_000, 31, 64, 128);
    }

    /** Most of the time that a first session takes goes into loading and compiling its code. */
    @Test
    void practisesWhileAnotherOneIsActive() throws SQLException {
        Sink standing = new Sink();
        PostgresOutboxStore store = new PostgresOutboxStore(dataSource);
        try (OutboxRelay active = relay(dataSource, Duration.ofMinutes(5));
                DefaultOutboxRelay second =
                        new DefaultOutboxRelay("second", () -> store, standing, RelaySettings.defaults())) {
            active.start();
            await().atMost(LIMIT).until(active::isActive);
            second.start();
            await().atMost(LIMIT).until(() -> standing.prepared.get() == 1);
            second.wakeUp();
            active.close();
            await().atMost(LIMIT).until(second::isActive);
        }
        assertThat(standing.prepared).hasValue(1);
        assertThat(sink.prepared).hasValue(0);
    }

    /** Before the next note of the progress, which would tell that no key is parked. */
    @Test
    void publishesADeadLetterThatIsReplayedAtOnce() throws SQLException {
        append("dead");
        AtomicBoolean refuses = new AtomicBoolean(true);
        Sink choosy = new Sink() {
            @Override
            public Optional<String> obstacle(StoredEvent event) {
                return refuses.get() ? Optional.of("refused") : Optional.empty();
            }
        };
        OutboxStore store = new ForwardingStore(new PostgresOutboxStore(dataSource)) {
            @Override
            public Optional<Noted> save(Lease lease, Progress progress, Duration duration) throws SQLException {
                if (ParkedEvents.of(dataSource).replay(ParkedEvents.Selection.all()) > 0) {
                    refuses.set(false);
                }
                return super.save(lease, progress, duration);
            }
        };
        RelaySettings letters = RelaySettings.defaults().withDeadLetterTypes(Set.of("type"));
        try (DefaultOutboxRelay relay = new DefaultOutboxRelay("letters", () -> store, choosy, letters)) {
            relay.start();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(choosy.keys).containsExactly("dead"));
        }
    }

    /** Or the next owner would send what is parked while this one is still at it. */
    @Test
    void leavesParkedKeysAloneBeforeItGivesTheLeaseBack() throws SQLException {
        append("stuck");
        CompletableFuture<Void> sending = new CompletableFuture<>();
        AtomicBoolean isSending = new AtomicBoolean();
        List<Boolean> ownedWhenClosed = new CopyOnWriteArrayList<>();
        OutboxTransport.Session lane = new Sink() {
            @Override
            public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
                isSending.set(true);
                return sending;
            }

            @Override
            public void close() {
                ownedWhenClosed.add(isOwned());
                sending.completeExceptionally(new IllegalStateException("closed"));
            }
        };
        OutboxTransport transport = new Sink() {
            @Override
            public Session open(String shard) {
                return shard.equals("0") ? this : lane;
            }

            @Override
            public Optional<String> obstacle(StoredEvent event) {
                return Optional.of("it goes at the second attempt");
            }
        };
        OutboxStore store = new PostgresOutboxStore(dataSource);
        RelaySettings soon = RelaySettings.defaults().withMaxBackoff(Duration.ofSeconds(1), Duration.ofMillis(100));
        try (DefaultOutboxRelay relay = new DefaultOutboxRelay("parking", () -> store, transport, soon)) {
            relay.start();
            await().atMost(LIMIT).untilTrue(isSending);
        }
        assertThat(ownedWhenClosed).isNotEmpty().containsOnly(true);
        assertThat(isOwned()).isFalse();
    }

    private boolean isOwned() {
        return JdbcClient.create(dataSource)
                .sql("SELECT owner IS NOT NULL FROM outbox_progress")
                .query(Boolean.class)
                .single();
    }

    /** It gives the lease back after some failures; what it had noted in between stays noted. */
    @Test
    void doesNotSendAgainWhatItHasNotedWhenItGivesUp() throws SQLException {
        append("1", "2", "unknown");
        ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
        AtomicInteger asked = new AtomicInteger();
        OutboxTransport.Session session = new OutboxTransport.Session() {
            @Override
            public Optional<String> obstacle(StoredEvent event) {
                if (event.key().equals("unknown")) {
                    asked.incrementAndGet();
                    throw new IllegalStateException("the broker does not answer what it knows of the topic");
                }
                return Optional.empty();
            }

            @Override
            public CompletableFuture<Void> send(List<StoredEvent> events, OutboxTransport.Mark mark) {
                events.forEach(event -> sent.add(event.key()));
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
        OutboxTransport transport = new OutboxTransport() {
            @Override
            public Session open(String shard) {
                return session;
            }

            @Override
            public void close() {}
        };
        try (OutboxRelay relay = OutboxRelay.builder()
                .dataSource(dataSource)
                .transport(transport)
                .settings(RelaySettings.defaults().withMaxBackoff(Duration.ofMillis(100), Duration.ofMillis(100)))
                .build()) {
            relay.start();
            await().atMost(LIMIT).until(() -> asked.get() >= 15);
        }
        assertThat(sent).containsExactly("1", "2");
    }

    private void awaitListeners(int number) {
        await().atMost(LIMIT).until(() -> listeners() >= number);
    }

    private int listeners() {
        return JdbcClient.create(dataSource)
                .sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
                .query(Integer.class)
                .single();
    }

    @Test
    void leavesTheOutboxToTheOneThatHasTheLease() throws SQLException {
        try (OutboxRelay first = relay(dataSource, Duration.ofSeconds(2));
                OutboxRelay second = relay(dataSource, Duration.ofSeconds(2))) {
            first.start();
            await().atMost(LIMIT).until(first::isActive);
            second.start();
            for (int n = 0; n < 20; n++) {
                append("key-" + n);
                second.wakeUp();
                first.wakeUp();
            }
            await().atMost(LIMIT).until(() -> sink.keys.size() >= 20);
            assertThat(second.isActive()).isFalse();
            assertThat(sink.keys).hasSize(20);
        }
    }

    @Test
    void asksForTheLeaseAtItsOwnPaceHoweverOftenItIsWoken() throws SQLException {
        Counting counting = new Counting();
        try (OutboxRelay active = relay(dataSource, Duration.ofSeconds(10));
                OutboxRelay waiting = relay(counting, Duration.ofSeconds(10))) {
            active.start();
            await().atMost(LIMIT).until(active::isActive);
            waiting.start();
            await().atMost(LIMIT).until(() -> counting.connections.get() > 0);
            int before = counting.connections.get();
            IntStream.range(0, 20_000).forEach(n -> waiting.wakeUp());
            append("1");
            active.wakeUp();
            awaitKeys("1");
            assertThat(counting.connections.get() - before).isLessThan(10);
        }
    }

    @Test
    void sendsNothingThatItReadBeforeItsLeaseWasOver() throws SQLException {
        append("1");
        PostgresOutboxStore store = new PostgresOutboxStore(dataSource);
        OutboxStore slow = new ForwardingStore(store) {
            @Override
            public Page read(Lease lease, Progress from, PageLimit limit) throws SQLException {
                Page page = super.read(lease, from, limit);
                await().atMost(LIMIT)
                        .until(() -> TestLeases.acquire(store, "another", Duration.ofMinutes(5))
                                .isPresent());
                return page;
            }
        };
        RelaySettings settings = RelaySettings.defaults().withLease(Duration.ofSeconds(1));
        try (DefaultOutboxRelay relay = new DefaultOutboxRelay("slow", () -> slow, sink, settings)) {
            relay.start();
            await().atMost(LIMIT).until(relay::isActive);
            await().atMost(LIMIT).until(() -> !relay.isActive());
        }
        assertThat(sink.keys).isEmpty();
    }

    @Test
    void sendsNothingWhenTheTransportThoughtForLongerThanTheLease() throws SQLException {
        append("1");
        PostgresOutboxStore store = new PostgresOutboxStore(dataSource);
        Sink slow = new Sink() {
            @Override
            public Optional<String> obstacle(StoredEvent event) {
                await().atMost(LIMIT)
                        .until(() -> TestLeases.acquire(store, "another", Duration.ofMinutes(5))
                                .isPresent());
                return Optional.empty();
            }
        };
        RelaySettings settings = RelaySettings.defaults().withLease(Duration.ofSeconds(1));
        try (DefaultOutboxRelay relay = new DefaultOutboxRelay("slow", () -> store, slow, settings)) {
            relay.start();
            await().atMost(LIMIT).until(relay::isActive);
            await().atMost(LIMIT).until(() -> !relay.isActive());
        }
        assertThat(slow.keys).isEmpty();
    }

    @Test
    void findsEventsOfOtherProcessesByItself() throws SQLException {
        try (OutboxRelay relay = relay(dataSource, Duration.ofSeconds(5))) {
            relay.start();
            await().atMost(LIMIT).until(relay::isActive);
            for (int n = 1; n <= 5; n++) {
                append("key-" + n);
                int expected = n;
                await().atMost(LIMIT).until(() -> sink.keys.size() == expected);
            }
        }
    }

    @Test
    void isQuietWhenThereIsNothingToDo() {
        Counting counting = new Counting();
        try (OutboxRelay relay =
                OutboxRelay.builder().dataSource(counting).transport(sink).build()) {
            relay.start();
            await().atMost(LIMIT).until(relay::isActive);
            int before = counting.connections.get();
            long start = System.nanoTime();
            await().atMost(LIMIT).until(() -> counting.connections.get() - before >= 5);
            double perSecond = 5e9 / (System.nanoTime() - start);
            assertThat(perSecond).as("queries a second").isLessThanOrEqualTo(2.0);
        }
    }

    @Test
    void publishesAgainSinceATimeAndThenWhatIsNew() throws SQLException {
        try (OutboxRelay relay = relay(dataSource, Duration.ofSeconds(5))) {
            Instant start = Instant.now();
            append(start, "1", "2");
            append(start.plusSeconds(60), "3", "4");
            relay.start();
            awaitKeys("1", "2", "3", "4");
            await().atMost(LIMIT).until(() -> relay.backlog().events() == 0);

            assertThat(relay.republishSince(start.plusSeconds(30))).isEqualTo(2);
            append(start.plusSeconds(90), "5");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(sink.keys).endsWith("3", "4", "5"));
            await().atMost(LIMIT).until(() -> relay.backlog().events() == 0);
            assertThat(relay.republishSince(start.plusSeconds(600))).isZero();
        }
        try (OutboxRelay next = relay(dataSource, Duration.ofSeconds(5))) {
            next.start();
            append("6");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(sink.keys).endsWith("3", "4", "5", "6"));
        }
    }

    /** The second time reaches further back, and no further. */
    @Test
    void republishesOnceIfItIsToldTwice() throws SQLException {
        Instant start = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        append(start, "1", "2");
        append(start.plusSeconds(60), "3");
        append(start.plusSeconds(120), "4");
        PostgresOutboxStore store = new PostgresOutboxStore(dataSource);
        Lease lease = TestLeases.acquire(store, "one", Duration.ofMinutes(1)).orElseThrow();
        Page page = store.readAgain(lease.noted(), new PageLimit(10, 1 << 20, null));
        assertThat(store.save(lease, page.next(), Duration.ofMinutes(1))).isPresent();

        assertThat(store.rewind(start.plusSeconds(90))).isEqualTo(1);
        assertThat(store.rewind(start.plusSeconds(30))).isEqualTo(2);
        assertThat(store.rewind(start.plusSeconds(90))).isEqualTo(1);
        Lease anew = TestLeases.acquire(store, "one", Duration.ofMinutes(1)).orElseThrow();
        assertThat(store.readAgain(anew.noted(), new PageLimit(10, 1 << 20, null))
                        .events())
                .extracting(StoredEvent::key)
                .containsExactly("3", "4");
    }

    /** Also where one is active elsewhere: its notes are refused from then on. */
    @Test
    void letsNobodyNoteAnOldProgressAfterARepublication() throws SQLException {
        append("1");
        PostgresOutboxStore store = new PostgresOutboxStore(dataSource);
        Lease lease = TestLeases.acquire(store, "active", Duration.ofMinutes(1)).orElseThrow();
        Page page = store.readAgain(lease.noted(), new PageLimit(10, 1 << 20, null));
        assertThat(store.save(lease, page.next(), Duration.ofMinutes(1))).isPresent();
        Progress published = page.next();

        assertThat(store.rewind(Instant.EPOCH)).isEqualTo(1);
        assertThat(store.save(lease, published, Duration.ofMinutes(1))).isEmpty();
        Lease anew = TestLeases.acquire(store, "active", Duration.ofMinutes(1)).orElseThrow();
        assertThat(anew.noted().number()).isGreaterThan(published.number());
        assertThat(store.readAgain(anew.noted(), new PageLimit(10, 1 << 20, null))
                        .events())
                .hasSize(1);
    }

    private OutboxRelay relay(javax.sql.DataSource on, Duration lease) {
        return relay(on, RelaySettings.defaults().withLease(lease).withPollInterval(Duration.ofMillis(200)));
    }

    private OutboxRelay relay(javax.sql.DataSource on, RelaySettings settings) {
        return OutboxRelay.builder()
                .dataSource(on)
                .transport(sink)
                .settings(settings)
                .build();
    }

    private void append(String... keys) throws SQLException {
        append(Instant.EPOCH, keys);
    }

    private void append(Instant time, String... keys) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            new PostgresOutboxStore(dataSource)
                    .append(
                            connection,
                            java.util.Arrays.stream(keys)
                                    .map(key -> new StoredEvent(
                                            UUID.randomUUID(), "topic", key, "type", 1, new byte[2], null, time))
                                    .toList(),
                            List.of());
        }
    }

    private void awaitKeys(String... keys) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(sink.keys).containsExactly(keys));
    }

    private static class Sink implements OutboxTransport, OutboxTransport.Session {

        final ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
        final AtomicInteger prepared = new AtomicInteger();

        @Override
        public void prepare() {
            prepared.incrementAndGet();
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            events.forEach(event -> keys.add(event.key()));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public void close() {}
    }

    private final class Counting extends DelegatingDataSource {

        final AtomicInteger connections = new AtomicInteger();

        Counting() {
            super(dataSource);
        }

        @Override
        public Connection getConnection() throws SQLException {
            connections.incrementAndGet();
            return super.getConnection();
        }
    }
}
