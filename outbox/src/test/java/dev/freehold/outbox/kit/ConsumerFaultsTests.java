package dev.freehold.outbox.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxListener;
import dev.freehold.inbox.InboxMessage;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.StoredEvent;
import dev.freehold.outbox.test.ConsumerFaults;
import dev.freehold.outbox.test.OutboxDrain;
import dev.freehold.outbox.test.RecordingTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

/** What the kit does on a real database. */
class ConsumerFaultsTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int MESSAGES = 200;

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final AtomicInteger mails = new AtomicInteger();

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
        jdbc.sql("CREATE TABLE booking (n bigint GENERATED ALWAYS AS IDENTITY, key text, amount int)")
                .update();
    }

    @AfterEach
    void drop() {
        dataSource.close();
        database.drop();
    }

    record Booked(int amount) {}

    class Bookings {
        @InboxListener(topic = "bookings", type = "bookings.booked", group = "tests")
        void on(Booked booked, EventContext context) {
            mails.incrementAndGet();
            jdbc.sql("INSERT INTO booking (key, amount) VALUES (?, ?)")
                    .params(context.key(), booked.amount())
                    .update();
        }
    }

    @Test
    void leavesEffectsInTheDatabaseAsIfEachMessageHadComeOnce() {
        List<InboxMessage> messages = IntStream.range(0, MESSAGES)
                .mapToObj(ConsumerFaultsTests::message)
                .toList();
        try (Inbox inbox = Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .build()) {
            InboxConsumer consumer =
                    inbox.consumers("", List.of(new Bookings())).get(0);
            assertThat(ConsumerFaults.of(consumer, manager, 7).deliver(messages))
                    .isPositive();
        }
        for (int key = 0; key < 10; key++) {
            int of = key;
            assertThat(jdbc.sql("SELECT amount FROM booking WHERE key = ? ORDER BY n")
                            .param("k" + of)
                            .query(Integer.class)
                            .list())
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                            .filter(n -> n % 10 == of)
                            .boxed()
                            .toList());
        }
        assertThat(mails).as("what is not in the transaction shows").hasValueGreaterThan(MESSAGES);
    }

    private static InboxMessage message(int n) {
        return new InboxMessage(
                new EventContext(
                        UUID.randomUUID(),
                        "bookings.booked",
                        1,
                        "/bookings",
                        "k" + n % 10,
                        Instant.EPOCH,
                        "bookings",
                        0,
                        n,
                        Map.of()),
                "{\"amount\":%d}".formatted(n).getBytes(StandardCharsets.UTF_8));
    }

    @OutboxEvent(type = "tests.happened", topic = "tests")
    record Happened(@EventKey String key) {}

    @Test
    void waitsForTheRelayAndShowsWhatItPublished() {
        RecordingTransport transport = new RecordingTransport();
        try (OutboxRelay relay = OutboxRelay.builder()
                .dataSource(dataSource)
                .transport(transport)
                .build()) {
            Outbox outbox = Outbox.builder()
                    .dataSource(dataSource)
                    .transactionManager(manager)
                    .build();
            new TransactionTemplate(manager)
                    .executeWithoutResult(
                            status -> IntStream.range(0, 100).forEach(n -> outbox.publish(new Happened("" + n))));
            assertThatThrownBy(() -> OutboxDrain.now(relay, Duration.ofMillis(50)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("100 events", "running=false");

            relay.start();
            OutboxDrain.now(relay, LIMIT);
            assertThat(transport.sent())
                    .extracting(StoredEvent::key)
                    .hasSize(100)
                    .startsWith("0", "1", "2");
            transport.clear();
            assertThat(transport.sent()).isEmpty();
        }
    }
}
