package dev.freehold.outbox.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxException;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxDatabase;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.ParkedEvents;
import dev.freehold.outbox.RelaySettings;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxHandlerTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final OutboxDatabase database = OutboxDatabase.postgres(12);
    private final DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());
    private final Inbox inbox = Inbox.builder()
            .dataSource(database.dataSource())
            .transactionManager(manager)
            .build();
    private final Mails mails = new Mails();
    private final Flaky kafka = new Flaky();
    private final OutboxRelay relay = OutboxRelay.builder()
            .dataSource(database.dataSource())
            .transport(inbox.transport(List.of(mails), kafka))
            .settings(RelaySettings.defaults()
                    .withPollInterval(Duration.ofMillis(20))
                    .withBatch(20, 1 << 20)
                    .withMaxBackoff(Duration.ofMillis(100), Duration.ofMillis(200)))
            .build();
    private final Outbox outbox = Outbox.builder()
            .dataSource(database.dataSource())
            .transactionManager(manager)
            .afterCommit(relay::wakeUp)
            .build();

    @OutboxEvent(type = "test.mail-requested", topic = "mails")
    record MailRequested(@EventKey String customer, int number) {}

    @OutboxEvent(type = "test.order-placed", topic = "orders")
    record OrderPlaced(@EventKey String customer, int number) {}

    @BeforeEach
    void start() {
        relay.start();
    }

    @AfterEach
    void stop() {
        relay.close();
        inbox.close();
        database.close();
    }

    @Test
    void takesItsEventsOnceAndInOrderAndLeavesTheOthers() {
        kafka.failsNowAndThen = true;
        IntStream.range(0, 300).forEach(n -> {
            publish(new MailRequested("customer-" + n % 7, n));
            publish(new OrderPlaced("customer-" + n % 7, n));
        });

        await().atMost(LIMIT).until(() -> mails.sent() == 300 && kafka.distinct() == 300);
        assertThat(mails.sent)
                .hasSize(7)
                .allSatisfy((customer, numbers) ->
                        assertThat(numbers).doesNotHaveDuplicates().isSorted());
        assertThat(kafka.types).containsOnly("test.order-placed");
        assertThat(mails.topics).containsOnly("mails");
    }

    @Test
    void parksTheKeyOfAnEventThatItCannotTakeAndTriesItAgain() {
        mails.broken.add("ann");
        publish(new MailRequested("ann", 1));
        publish(new MailRequested("ann", 2));
        publish(new MailRequested("bob", 1));
        publish(new OrderPlaced("ann", 1));

        await().atMost(LIMIT).until(() -> mails.sent.containsKey("bob") && kafka.distinct() == 1);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                ParkedEvents.of(database.dataSource()).keys(10))
                        .singleElement()
                        .satisfies(key -> {
                            assertThat(key.topic()).isEqualTo("mails");
                            assertThat(key.key()).isEqualTo("ann");
                            assertThat(key.cause()).contains("mailbox of ann is full");
                        }));
        mails.broken.clear();
        await().atMost(LIMIT).until(() -> mails.sent() == 3);
        assertThat(mails.sent.get("ann")).containsExactly(1, 2);
        await().atMost(LIMIT)
                .until(() -> ParkedEvents.of(database.dataSource()).keys(10).isEmpty());
    }

    @Test
    void isPartOfTheTransactionThatNotesTheEvent() {
        mails.failsAfterwards.add("ann");
        publish(new MailRequested("ann", 1));
        await().atMost(LIMIT).until(() -> mails.attempts("ann") >= 2);
        mails.failsAfterwards.clear();
        await().atMost(LIMIT)
                .until(() -> ParkedEvents.of(database.dataSource()).keys(10).isEmpty());
        int attempts = mails.attempts("ann");
        publish(new MailRequested("ann", 2));
        await().atMost(LIMIT).until(() -> mails.attempts("ann") == attempts + 1);
    }

    @Test
    void isRefusedIfItIsDeclaredWrongly() {
        assertThatThrownBy(() -> inbox.transport(List.of(new WithoutEvent()), kafka))
                .isInstanceOf(InboxException.class)
                .hasMessageContaining("@OutboxHandler method")
                .hasMessageContaining("does not take an event of this service's outbox");
        assertThatThrownBy(() -> inbox.transport(List.of(new ReturningSomething()), kafka))
                .isInstanceOf(InboxException.class)
                .hasMessageContaining("@OutboxHandler method")
                .hasMessageContaining("returns String");
        assertThatThrownBy(() -> inbox.transport(List.of(new Mails(), new Mails()), kafka))
                .isInstanceOf(InboxException.class)
                .hasMessageContaining("an event is taken once");
    }

    private void publish(Object event) {
        new TransactionTemplate(manager).executeWithoutResult(status -> outbox.publish(event));
    }

    static class Mails {

        final Map<String, List<Integer>> sent = new ConcurrentHashMap<>();
        final Set<String> topics = ConcurrentHashMap.newKeySet();
        final Set<String> broken = ConcurrentHashMap.newKeySet();
        final Set<String> failsAfterwards = ConcurrentHashMap.newKeySet();

        @OutboxHandler
        void send(MailRequested mail, EventContext context) {
            if (broken.contains(mail.customer())) {
                throw new IllegalStateException("mailbox of %s is full".formatted(mail.customer()));
            }
            sent.computeIfAbsent(mail.customer(), customer -> new ArrayList<>()).add(mail.number());
            topics.add(context.topic());
            if (failsAfterwards.contains(mail.customer())) {
                throw new IllegalStateException("no answer");
            }
        }

        int sent() {
            return sent.values().stream().mapToInt(List::size).sum();
        }

        int attempts(String customer) {
            return sent.getOrDefault(customer, List.of()).size();
        }
    }

    static class WithoutEvent {
        @OutboxHandler
        void send(String mail) {}
    }

    static class ReturningSomething {
        @OutboxHandler
        String send(MailRequested mail) {
            return "";
        }
    }

    /** Fails now and then with the rest of what it was given. */
    private static final class Flaky implements OutboxTransport, OutboxTransport.Session {

        final Set<UUID> ids = ConcurrentHashMap.newKeySet();
        final ConcurrentLinkedQueue<String> types = new ConcurrentLinkedQueue<>();
        volatile boolean failsNowAndThen;

        int distinct() {
            return ids.size();
        }

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            if (failsNowAndThen && ThreadLocalRandom.current().nextInt(5) == 0) {
                return CompletableFuture.failedFuture(new IllegalStateException("it fails now and then"));
            }
            events.forEach(event -> {
                ids.add(event.id());
                types.add(event.type());
            });
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
