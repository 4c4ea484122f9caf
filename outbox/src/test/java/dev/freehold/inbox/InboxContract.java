package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.OutboxDatabase;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

abstract class InboxContract {

    private final OutboxDatabase database;
    private final HikariDataSource dataSource;
    private final DataSourceTransactionManager manager;
    private final Inbox inbox;
    private final AtomicInteger runs = new AtomicInteger();

    InboxContract(OutboxDatabase database) {
        this.database = database;
        this.dataSource = database.dataSource();
        this.manager = new DataSourceTransactionManager(dataSource);
        this.inbox = inbox();
    }

    private Inbox inbox() {
        return Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .build();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void runsAnActionOncePerConsumerAndId() {
        assertThat(inbox.once("mail", "order-7", runs::incrementAndGet)).isTrue();
        assertThat(inbox.once("mail", "order-7", runs::incrementAndGet)).isFalse();
        assertThat(inbox.once("billing", "order-7", runs::incrementAndGet)).isTrue();
        assertThat(inbox.once("mail", "order-8", runs::incrementAndGet)).isTrue();
        assertThat(runs).hasValue(3);
    }

    @Test
    void runsAgainIfTheActionFailed() {
        assertThatThrownBy(() -> inbox.once("mail", "1", () -> {
                    throw new IllegalStateException("no server");
                }))
                .hasMessage("no server");
        assertThat(inbox.once("mail", "1", runs::incrementAndGet)).isTrue();
    }

    @Test
    void joinsTheTransactionOfTheCaller() {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            inbox.once("mail", "1", runs::incrementAndGet);
            status.setRollbackOnly();
        });
        assertThat(inbox.once("mail", "1", runs::incrementAndGet)).isTrue();
    }

    @Test
    void runsOnceWhenManyDeliverTheSameAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch ready = new CountDownLatch(8);
        List<Future<Boolean>> outcomes = IntStream.range(0, 8)
                .mapToObj(n -> threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return inbox.once("mail", "same", runs::incrementAndGet);
                }))
                .toList();
        int ran = 0;
        for (Future<Boolean> outcome : outcomes) {
            ran += outcome.get(1, TimeUnit.MINUTES) ? 1 : 0;
        }
        threads.shutdown();
        assertThat(ran).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void takesIdsOfAnyFormAndLength() {
        assertThat(inbox.once("mail", "x".repeat(10_000), runs::incrementAndGet))
                .isTrue();
        assertThat(inbox.once("mail", "x".repeat(10_000), runs::incrementAndGet))
                .isFalse();
        assertThat(inbox.once("mail", "0190b5a0-0000-7000-8000-000000000001", runs::incrementAndGet))
                .isTrue();
        assertThat(inbox.once("mail", "0190B5A0-0000-7000-8000-000000000001", runs::incrementAndGet))
                .as("the same UUID in capitals")
                .isFalse();
    }
}
