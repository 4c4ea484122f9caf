package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.OutboxDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

abstract class InboxConsumerContract {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final OutboxDatabase database;
    private final HikariDataSource dataSource;
    private final JdbcClient jdbc;
    private final Handler handler = new Handler();
    private long offset;

    InboxConsumerContract(OutboxDatabase database) {
        this.database = database;
        this.dataSource = database.dataSource();
        this.jdbc = JdbcClient.create(dataSource);
    }

    @BeforeEach
    void createTables() {
        jdbc.sql("CREATE TABLE booking (n bigint NOT NULL, text varchar(100) NOT NULL)")
                .update();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void handlesABatchInOneTransactionAndInOrder() {
        consumer().handle(List.of(message("a", "1"), message("b", "2"), message("a", "3")));

        assertThat(bookings()).containsExactly("1", "2", "3");
        assertThat(handler.transactions).hasSize(1);
    }

    @Test
    void passesOverWhatItHasHandled() {
        InboxMessage first = message("a", "1");
        consumer().handle(List.of(first, first, message("a", "2")));
        consumer().handle(List.of(first, message("a", "3"), first));

        assertThat(bookings()).containsExactly("1", "2", "3");
    }

    @Test
    void handlesAMessageOnceForEachGroup() {
        InboxMessage message = message("a", "1");
        inbox(InboxSettings.defaults())
                .consumers("one", List.of(handler))
                .forEach(consumer -> consumer.handle(List.of(message)));
        inbox(InboxSettings.defaults())
                .consumers("two", List.of(handler))
                .forEach(consumer -> consumer.handle(List.of(message)));

        assertThat(bookings()).containsExactly("1", "1");
    }

    @Test
    void leavesTypesWithoutListenerToOthers() {
        consumer().handle(List.of(message("a", "1", "somebody.elses"), message("a", "2")));

        assertThat(bookings()).containsExactly("2");
        assertThat(noted()).isEqualTo(1);
    }

    @Test
    void parksTypesWithoutListenerIfToldSo() {
        InboxConsumer consumer =
                consumer(new InboxSettings(1, SHORTEST, InboxSettings.UnknownType.PARK, Duration.ZERO));
        consumer.handle(List.of(message("a", "1", "somebody.elses"), message("b", "2")));

        assertThat(bookings()).containsExactly("2");
        assertThat(consumer.parkedKeys()).containsExactly("a");
    }

    @Test
    void toleratesUnknownFields() {
        consumer()
                .handle(List.of(new InboxMessage(
                        context("a", "orders.booked"),
                        "{\"text\":\"1\",\"later\":true}".getBytes(StandardCharsets.UTF_8))));

        assertThat(bookings()).containsExactly("1");
    }

    @Nested
    class WhenAMessageFails {

        @Test
        void parksItsKeyAndHandlesTheOthersOnce() {
            List<InboxMessage> batch = new ArrayList<>();
            IntStream.range(0, 100).forEach(n -> batch.add(message("key-" + n % 10, "n" + n)));
            batch.add(37, message("key-7", "bad"));
            consumer().handle(batch);

            List<String> expected = batch.stream()
                    .filter(message -> !message.context().key().equals("key-7") || batch.indexOf(message) < 37)
                    .map(message -> text(message))
                    .toList();
            assertThat(bookings()).containsExactlyElementsOf(expected);
            assertThat(consumer().parkedKeys()).containsExactly("key-7");
        }

        @Test
        void triesItAsOftenAsToldWithoutRepeatingTheOthersEffects() {
            consumer(new InboxSettings(5, SHORTEST, InboxSettings.UnknownType.IGNORE, Duration.ZERO))
                    .handle(List.of(message("a", "1"), message("b", "bad"), message("c", "2")));

            assertThat(handler.failures)
                    .as("once in the batch, once in its half, five times alone")
                    .isBetween(5, 7);
            assertThat(bookings()).containsExactly("1", "2");
        }

        @Test
        void recoversWithoutParkingWhenALaterAttemptSucceeds() {
            handler.failuresLeft = 3;
            consumer().handle(List.of(message("a", "flaky"), message("a", "2")));

            assertThat(bookings()).containsExactly("flaky", "2");
            assertThat(consumer().parkedKeys()).isEmpty();
        }

        @Test
        void keepsLaterMessagesOfTheKeyBehindIt() {
            consumer().handle(List.of(message("a", "bad")));
            consumer().handle(List.of(message("a", "2"), message("b", "3")));

            assertThat(bookings()).containsExactly("3");
            assertThat(parked()).containsExactly("bad", "2");
        }

        @Test
        void parksAnUnreadableMessageAtOnce() {
            consumer()
                    .handle(List.of(
                            new InboxMessage(
                                    context("a", "orders.booked"), "not json".getBytes(StandardCharsets.UTF_8)),
                            new InboxMessage(context("b", "orders.booked"), null),
                            message("c", "3")));

            assertThat(bookings()).containsExactly("3");
            assertThat(consumer().parkedKeys()).containsExactly("a", "b");
            assertThat(jdbc.sql("SELECT cause FROM inbox_parked ORDER BY number")
                            .query((row, n) -> row.getString(1))
                            .list())
                    .satisfiesExactly(
                            cause -> assertThat(cause).contains("not a " + Booked.class.getName()),
                            cause -> assertThat(cause).contains("no payload"));
        }

        @Test
        void parksAMessageThatIsDeliveredAgainOnce() {
            InboxMessage bad = message("a", "bad");
            consumer().handle(List.of(bad));
            consumer().handle(List.of(bad, bad));

            assertThat(parked()).containsExactly("bad");
        }

        @Test
        void parksNothingWhileTheDatabaseIsAway() {
            handler.thrown = new DataAccessResourceFailureException("gone");
            InboxMessage message = message("a", "bad");

            assertThatThrownBy(() -> consumer().handle(List.of(message))).hasMessageContaining("gone");
            assertThat(consumer().parkedKeys()).isEmpty();

            handler.thrown = null;
            handler.failuresLeft = 0;
            consumer().handle(List.of(message));
            assertThat(bookings()).containsExactly("bad");
        }
    }

    @Nested
    class Replay {

        @Test
        void handlesParkedMessagesInOrderOnceTheCauseIsMended() {
            consumer().handle(List.of(message("a", "bad")));
            consumer().handle(List.of(message("a", "2"), message("a", "3")));
            handler.failuresLeft = 0;

            assertThat(consumer().replay("a")).isEqualTo(3);
            assertThat(bookings()).containsExactly("bad", "2", "3");
            assertThat(consumer().parkedKeys()).isEmpty();

            consumer().handle(List.of(message("a", "4")));
            assertThat(bookings()).endsWith("4");
        }

        /** Or it would stay behind with nobody to look at it, and the next ones of its key would overtake it. */
        @Test
        void seesWhatIsPutBehindWhileItRuns() throws Exception {
            InboxConsumer consumer =
                    consumer(new InboxSettings(1, SHORTEST, InboxSettings.UnknownType.IGNORE, Duration.ZERO));
            consumer.handle(List.of(message("a", "bad")));
            handler.failuresLeft = 0;

            CompletableFuture<Void> batch = CompletableFuture.runAsync(
                    () -> consumer.handle(List.of(message("a", "behind"), message("b", "slow"))), aThread());
            await().atMost(LIMIT).until(() -> handler.slow.getQueueLength() > 0);
            CompletableFuture<Integer> replay = CompletableFuture.supplyAsync(() -> consumer.replay("a"), aThread());
            await().atMost(LIMIT).until(() -> replay.isDone() || database.hasAWaitForALock());
            handler.slow.release();

            batch.get();
            assertThat(replay.get()).isEqualTo(2);
            assertThat(consumer.parkedKeys()).isEmpty();
            assertThat(bookings())
                    .containsExactlyInAnyOrder("slow", "bad", "behind")
                    .containsSubsequence("bad", "behind");
        }

        private Executor aThread() {
            return task -> new Thread(task).start();
        }

        @Test
        void stopsAtTheFirstThatFailsAgain() {
            consumer().handle(List.of(message("a", "bad"), message("a", "2")));

            assertThatThrownBy(() -> consumer().replay("a")).hasMessageContaining("no such account");
            assertThat(parked()).containsExactly("bad", "2");
            assertThat(bookings()).isEmpty();
        }
    }

    private InboxConsumer consumer() {
        return consumer(new InboxSettings(4, SHORTEST, InboxSettings.UnknownType.IGNORE, Duration.ZERO));
    }

    private InboxConsumer consumer(InboxSettings settings) {
        return inbox(settings).consumers("booking", List.of(handler)).get(0);
    }

    private Inbox inbox(InboxSettings settings) {
        return Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(new DataSourceTransactionManager(dataSource))
                .settings(settings)
                .build();
    }

    private InboxMessage message(String key, String text) {
        return message(key, text, "orders.booked");
    }

    private InboxMessage message(String key, String text, String type) {
        return new InboxMessage(
                context(key, type), "{\"text\":\"%s\"}".formatted(text).getBytes(StandardCharsets.UTF_8));
    }

    private EventContext context(String key, String type) {
        return new EventContext(
                UUID.randomUUID(), type, 1, "/orders", key, Instant.EPOCH, "orders", 0, offset++, Map.of());
    }

    private static String text(InboxMessage message) {
        return text(message.payload());
    }

    private static String text(byte @Nullable [] payload) {
        return payload == null ? "" : new String(payload, StandardCharsets.UTF_8).replaceAll(".*:\"|\"}", "");
    }

    private List<String> bookings() {
        return jdbc.sql("SELECT text FROM booking ORDER BY n")
                .query((row, n) -> row.getString(1))
                .list();
    }

    private List<String> parked() {
        return jdbc.sql("SELECT payload FROM inbox_parked ORDER BY number")
                .query((row, n) -> text(row.getBytes(1)))
                .list();
    }

    private int noted() {
        return jdbc.sql("SELECT count(DISTINCT id) FROM inbox_message")
                .query(Integer.class)
                .single();
    }

    record Booked(String text) {}

    class Handler {

        final Set<Object> transactions = new HashSet<>();
        final AtomicLong bookings = new AtomicLong();
        final Semaphore slow = new Semaphore(0);
        int failures;
        int failuresLeft = Integer.MAX_VALUE;
        org.springframework.dao.@org.jspecify.annotations.Nullable DataAccessException thrown;

        @InboxListener(topic = "orders", type = "orders.booked")
        void on(Booked event, EventContext context) {
            transactions.add(String.valueOf(TransactionSynchronizationManager.getResource(dataSource)));
            if (event.text().equals("slow")) {
                slow.acquireUninterruptibly();
            }
            jdbc.sql("INSERT INTO booking (n, text) VALUES (%d, ?)".formatted(bookings.incrementAndGet()))
                    .param(event.text())
                    .update();
            if (Set.of("bad", "flaky").contains(event.text()) && failuresLeft > 0) {
                failures++;
                failuresLeft--;
                throw thrown != null ? thrown : new IllegalStateException("no such account");
            }
        }
    }
}
