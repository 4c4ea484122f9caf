package dev.freehold.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxDatabase;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class HandlerTransportTests {

    private final OutboxDatabase database = OutboxDatabase.h2(6);
    private final Inbox inbox = Inbox.builder()
            .dataSource(database.dataSource())
            .transactionManager(new DataSourceTransactionManager(database.dataSource()))
            .build();
    private final Bookings bookings = new Bookings();
    private final OutboxTransport transport = inbox.transport(List.of(bookings), new Nothing());

    @OutboxEvent(type = "test.booked", topic = "bookings")
    record Booked(@EventKey String account, int number) {}

    @AfterEach
    void close() {
        transport.close();
        inbox.close();
        database.close();
    }

    /** The next page is handed over before the one before is through, so it must not be let past. */
    @Test
    void callsNothingOfAKeyAfterOneThatTheDatabaseFailedFor() throws Exception {
        try (OutboxTransport.Session session = transport.open("0")) {
            CompletableFuture<Void> first = session.send(List.of(booked(1)), new OutboxTransport.Mark(1, "-"));
            CompletableFuture<Void> second = session.send(List.of(booked(2)), new OutboxTransport.Mark(2, "-"));
            bookings.handedOver.countDown();
            assertThatThrownBy(first::join).hasRootCauseInstanceOf(DataAccessResourceFailureException.class);
            assertThatThrownBy(second::join).isNotNull();
        }
        try (OutboxTransport.Session again = transport.open("0")) {
            again.send(List.of(booked(3)), new OutboxTransport.Mark(3, "-")).join();
        }
        assertThat(bookings.done).containsExactly(3);
    }

    private static StoredEvent booked(int number) {
        return new StoredEvent(
                UUID.randomUUID(),
                "bookings",
                "ann",
                "test.booked",
                1,
                "{\"account\":\"ann\",\"number\":%d}".formatted(number).getBytes(UTF_8),
                null,
                Instant.EPOCH);
    }

    static class Bookings {

        final CountDownLatch handedOver = new CountDownLatch(1);
        final List<Integer> done = new CopyOnWriteArrayList<>();

        @OutboxHandler
        void on(Booked booked) throws InterruptedException {
            handedOver.await();
            if (booked.number() == 1) {
                throw new DataAccessResourceFailureException("the connection broke");
            }
            done.add(booked.number());
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
