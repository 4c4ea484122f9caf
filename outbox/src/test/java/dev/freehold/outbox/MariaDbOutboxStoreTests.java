package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.internal.QueueDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class MariaDbOutboxStoreTests extends OutboxStoreContract {

    private final OutboxDatabase database = OutboxDatabase.mariaDb(4);

    @AfterEach
    void drop() {
        database.close();
    }

    @Override
    HikariDataSource dataSource() {
        return database.dataSource();
    }

    @Override
    OutboxStore store() {
        return database.store();
    }

    @Override
    OutboxStore storeOn(DataSource other) {
        return new QueueOutboxStore(QueueDatabase.MARIADB, other);
    }

    /** With so many that the optimizer would rather go through the whole table than along an index. */
    @Test
    void doesNotWaitForOpenTransactionsWhenItDeletesWhatIsPublished() throws Exception {
        OutboxStore store = store();
        Duration minutes = Duration.ofMinutes(5);
        Lease lease = TestLeases.acquire(store, "relay", minutes).orElseThrow();
        Progress start = lease.start(Optional.empty());
        store.begin(lease, start);
        try (Connection open = dataSource().getConnection();
                Connection other = dataSource().getConnection()) {
            open.setAutoCommit(false);
            store.append(open, events(1), List.of());
            store.append(other, events(200), List.of());
            Page page = store.read(lease, start, new PageLimit(2_000, 1 << 20, null));
            assertThat(page.events()).hasSize(200);

            CompletableFuture<Void> saved = CompletableFuture.runAsync(() -> save(store, lease, page.next()));
            try {
                assertThat(saved).succeedsWithin(Duration.ofSeconds(10));
            } finally {
                open.rollback();
                saved.handle((done, failure) -> done).join();
            }
        }
    }

    @Test
    void doesNotWaitForOpenTransactionsWhenItParks() throws Exception {
        OutboxStore store = store();
        Duration minutes = Duration.ofMinutes(5);
        Lease lease = TestLeases.acquire(store, "relay", minutes).orElseThrow();
        Progress start = lease.start(Optional.empty());
        store.begin(lease, start);
        try (Connection open = dataSource().getConnection();
                Connection other = dataSource().getConnection()) {
            open.setAutoCommit(false);
            store.append(open, events(1), List.of());
            store.append(other, events(200), List.of());
            Page page = store.read(lease, start, new PageLimit(2_000, 1 << 20, null));
            List<ParkedStore.Parking> parkings = Arrays.stream(page.positions())
                    .mapToObj(position ->
                            new ParkedStore.Parking(position, new TopicKey("topic", "key"), false, "refused"))
                    .toList();

            CompletableFuture<Void> parked =
                    CompletableFuture.runAsync(() -> store.parked().park(parkings, Duration.ofMinutes(1)));
            try {
                assertThat(parked).succeedsWithin(Duration.ofSeconds(10));
            } finally {
                open.rollback();
                parked.handle((done, failure) -> done).join();
            }
        }
    }

    private static void save(OutboxStore store, Lease lease, Progress progress) {
        try {
            assertThat(store.save(lease, progress, Duration.ofMinutes(5))).isPresent();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<StoredEvent> events(int number) {
        return IntStream.range(0, number)
                .mapToObj(n -> new StoredEvent(
                        UUID.randomUUID(), "topic", "key", "type", 1, new byte[200], null, Instant.EPOCH))
                .toList();
    }

    @Test
    void acceptsItsOwnScriptRunTwice() throws Exception {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/" + QueueDatabase.MARIADB.script()))
                .execute(dataSource());
        store().check();
    }
}
