package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.outbox.OutboxDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where there is a database, other processes share it, and transactions decide. */
abstract class DatabaseConsistentReadsContract extends ConsistentReadsContract {

    private static final Duration RETENTION = Duration.ofDays(8);

    final OutboxDatabase database;
    private final DataSourceTransactionManager manager;

    DatabaseConsistentReadsContract(OutboxDatabase database) {
        this.database = database;
        this.manager = new DataSourceTransactionManager(database.dataSource());
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private Inbox.Builder builder() {
        return Inbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .settings(new InboxSettings(2, Duration.ofMillis(1), InboxSettings.UnknownType.IGNORE, RETENTION));
    }

    @Override
    Inbox newInbox() {
        return builder().build();
    }

    /** It has the listeners, and their consumers run elsewhere; so no commit here tells it of anything. */
    @Test
    void hearOfWhatAnotherInstanceHandles() throws Exception {
        Published one = Published.booked("a", "1");
        try (Inbox other = builder().listeners("", () -> List.of(bookings)).build()) {
            assertThat(other.await(one.token(), Duration.ZERO)).isFalse();
            CompletableFuture<Boolean> reader = onAThread(() -> other.await(one.token(), LONG));
            handle(one);
            assertThat(get(reader)).isTrue();
            assertThat(other.await(one.token(), Duration.ZERO)).isTrue();
        }
    }

    @Test
    void refuseToWaitInATransaction() {
        Published one = Published.booked("a", "1");
        handle(one);
        assertThatThrownBy(() -> new TransactionTemplate(manager)
                        .executeWithoutResult(status -> inbox().await(one.token(), Duration.ZERO)))
                .isInstanceOf(InboxException.class)
                .hasMessageContainingAll("within the transaction of thread", "outside of the @Transactional method");
    }

    /** The consumer returns before the transaction around it commits. */
    @Test
    void areNotConsistentBeforeATransactionAroundTheConsumerCommits() throws Exception {
        Published one = Published.booked("a", "1");
        CompletableFuture<Boolean> reader = onAThread(() -> inbox().await(one.token(), LONG, "bookings"));
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            consumer("bookings").handle(one.messages());
            assertThat(onAThread(() -> inbox().await(one.token(), SHORT, "bookings"))
                            .join())
                    .isFalse();
            assertThat(reader).isNotDone();
        });
        assertThat(get(reader)).isTrue();
    }

    @Test
    void doNotKnowOfEventsThatAreOlderThanTheRetention() {
        Published one = Published.booked("a", "1");
        UUID old = Published.idMadeAt(
                Instant.now().minus(RETENTION).minusSeconds(60).toEpochMilli());
        UUID young = Published.idMadeAt(
                Instant.now().minus(RETENTION).plusSeconds(3_600).toEpochMilli());
        assertThat(inbox().await(one.withId(old), LONG)).isFalse();

        note(old);
        note(young);
        assertThat(inbox().await(one.withId(old), LONG)).isFalse();
        assertThat(inbox().await(one.withId(young), LONG)).isTrue();
    }

    private void note(UUID id) {
        InboxStore store = InboxTables.store(database.dataSource(), RETENTION);
        TransactionTemplate transaction = new TransactionTemplate(manager);
        transaction.setIsolationLevel(store.isolation());
        transaction.executeWithoutResult(status -> {
            store.note("bookings", List.of(id));
            store.note("mails", List.of(id));
        });
    }

    @Test
    void countWhatWasDiscardedAsHandled() {
        bookings.work = text -> {
            throw new IllegalStateException("no such account");
        };
        Published one = Published.booked("a", "1");
        consumer("bookings").handle(one.messages());
        assertThat(isHandled(one, "bookings")).isFalse();
        consumer("bookings").discard(one.messages().get(0).context().id());
        assertThat(isHandled(one, "bookings")).isTrue();
    }

    /** The read that follows fails by itself. */
    @Test
    void areNotKnownToBeConsistentWhileTheDatabaseIsAway() {
        Published one = Published.booked("a", "1");
        handle(one);
        database.dataSource().close();
        assertThat(inbox().await(one.token(), Duration.ZERO)).isFalse();
        assertThat(inbox().await(one.token(), SHORT)).isFalse();
    }
}
