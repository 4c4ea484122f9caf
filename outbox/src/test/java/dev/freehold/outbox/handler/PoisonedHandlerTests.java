package dev.freehold.outbox.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.inbox.Inbox;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxDatabase;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Some keys whose events fail every time, and what becomes of the others. */
class PoisonedHandlerTests {

    private static final int POISONED = 10;
    private static final int HEALTHY = 200;

    private final OutboxDatabase database = OutboxDatabase.postgres(12);
    private final DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());
    private final Inbox inbox = Inbox.builder()
            .dataSource(database.dataSource())
            .transactionManager(manager)
            .build();
    private final Mails mails = new Mails();
    private final OutboxRelay relay = OutboxRelay.builder()
            .dataSource(database.dataSource())
            .transport(inbox.transport(List.of(mails), new Nothing()))
            .build();
    private final Outbox outbox = Outbox.builder()
            .dataSource(database.dataSource())
            .transactionManager(manager)
            .afterCommit(relay::wakeUp)
            .build();

    @OutboxEvent(type = "test.mail-requested", topic = "mails")
    record MailRequested(@EventKey String customer) {}

    @AfterEach
    void stop() {
        relay.close();
        inbox.close();
        database.close();
    }

    @Test
    void keepTheOthersWaitingForNoMoreThanSomeSeconds() {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            for (int n = 0; n < HEALTHY; n++) {
                outbox.publish(new MailRequested("customer-" + n));
                if (n % (HEALTHY / POISONED) == 0) {
                    outbox.publish(new MailRequested("broken-" + n));
                }
            }
        });
        relay.start();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(mails.sent).hasSize(HEALTHY));
    }

    static class Mails {

        final Set<String> sent = ConcurrentHashMap.newKeySet();

        @OutboxHandler
        void send(MailRequested mail) {
            if (mail.customer().startsWith("broken")) {
                throw new IllegalStateException("no such mailbox");
            }
            sent.add(mail.customer());
        }
    }

    private static final class Nothing implements OutboxTransport, OutboxTransport.Session {

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
