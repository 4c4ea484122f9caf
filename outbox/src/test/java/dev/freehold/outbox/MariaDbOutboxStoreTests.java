package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class MariaDbOutboxStoreTests extends OutboxStoreContract {

    private static final Duration MINUTES = Duration.ofMinutes(5);

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
        besideAnOpenTransaction((lease, page) -> save(lease, page.next()));
    }

    @Test
    void doesNotWaitForOpenTransactionsWhenItParks() throws Exception {
        besideAnOpenTransaction((lease, page) -> store().parked().park(lease, parkings(page), Duration.ofMinutes(1)));
    }

    @Test
    void refusesAConnectionThatCountsChangedRowsOnly() {
        try (HikariDataSource other = new HikariDataSource()) {
            other.setJdbcUrl(dataSource().getJdbcUrl() + "?useAffectedRows=true");
            other.setUsername(dataSource().getUsername());
            other.setPassword(dataSource().getPassword());

            assertThatThrownBy(() -> OutboxStores.of(other, Duration.ofDays(1)))
                    .isInstanceOf(OutboxException.class)
                    .hasMessageContaining("useAffectedRows=true");
        }
    }

    private void besideAnOpenTransaction(BiConsumer<Lease, Page> work) throws Exception {
        OutboxStore store = store();
        Lease lease = TestLeases.acquire(store, "relay", MINUTES).orElseThrow();
        Progress start = lease.start(Optional.empty());
        store.begin(lease, start);
        try (Connection open = dataSource().getConnection();
                Connection other = dataSource().getConnection()) {
            open.setAutoCommit(false);
            store.append(open, events(1), List.of());
            store.append(other, events(200), List.of());
            Page page = store.read(lease, start, new PageLimit(2_000, 1 << 20, null));
            assertThat(page.events()).hasSize(200);

            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> work.accept(lease, page));
            try {
                assertThat(done).succeedsWithin(Duration.ofSeconds(10));
            } finally {
                open.rollback();
                done.handle((ok, failure) -> ok).join();
            }
        }
    }

    private static List<ParkedStore.Parking> parkings(Page page) {
        return Arrays.stream(page.positions())
                .mapToObj(position -> new ParkedStore.Parking(position, new TopicKey("topic", "key"), false, "refused"))
                .toList();
    }

    private void save(Lease lease, Progress progress) {
        try {
            assertThat(store().save(lease, progress, MINUTES)).isPresent();
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
