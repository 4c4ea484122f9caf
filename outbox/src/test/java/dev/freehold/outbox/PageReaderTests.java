package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class PageReaderTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final PageLimit FULL = new PageLimit(2_000, 1 << 20, null);
    private static final Lease LEASE = TestLeases.unused();

    private final Reads reads = new Reads();
    private final PageReader reader = new PageReader(reads, LEASE, "test");

    @AfterEach
    void close() {
        reads.mayGoOn.countDown();
        reader.close();
    }

    @Test
    void readsTheNextPageWhileItsCallerDoesSomethingElse() throws SQLException {
        Page first = reader.read(progress(0), FULL);
        reader.readAhead(first.next(), FULL);
        await().atMost(LIMIT).until(() -> reads.from.equals(List.of(progress(0), progress(1))));
        reads.mayGoOn.countDown();

        assertThat(reader.read(first.next(), FULL).next()).isEqualTo(progress(2));
        assertThat(reads.from).containsExactly(progress(0), progress(1));
    }

    @Test
    void passesOverWhatIsNotAskedFor() throws SQLException {
        reads.mayGoOn.countDown();
        readAhead(progress(1));
        PageLimit until = new PageLimit(2_000, 1 << 20, "7:7:");
        assertThat(reader.read(progress(1), until).next()).isEqualTo(progress(2));
        assertThat(reads.limits).containsExactlyInAnyOrder(FULL, until);

        readAhead(progress(2));
        assertThat(reader.read(progress(5), FULL).next()).isEqualTo(progress(6));
        assertThat(reader.read(progress(2), FULL).next()).isEqualTo(progress(3));
        assertThat(reads.from)
                .containsExactlyInAnyOrder(progress(1), progress(1), progress(2), progress(5), progress(2));
    }

    @Test
    void readsNothingAheadWhereThatWouldChangeSomething() throws SQLException {
        reads.mayGoOn.countDown();
        reads.claims = true;
        reader.readAhead(progress(1), FULL);
        assertThat(reads.from).isEmpty();
        assertThat(reader.read(progress(1), FULL).next()).isEqualTo(progress(2));
        assertThat(reads.from).containsExactly(progress(1));
    }

    @Test
    void tellsWhyItCouldNotReadAhead() throws SQLException {
        reads.mayGoOn.countDown();
        reads.failure = new SQLException("away");
        readAhead(progress(1));
        reads.failure = null;
        assertThatThrownBy(() -> reader.read(progress(1), FULL)).hasMessage("away");
        assertThat(reader.read(progress(1), FULL).next()).isEqualTo(progress(2));
    }

    @Test
    void readsNoMoreAfterItWasClosed() {
        readAhead(progress(1));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(reader::close);
        await().during(Duration.ofMillis(200)).atMost(LIMIT).until(() -> !closing.isDone());
        reads.mayGoOn.countDown();
        closing.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(reads.over).containsExactly(progress(1));
    }

    private void readAhead(Progress from) {
        int before = reads.from.size();
        reader.readAhead(from, FULL);
        await().atMost(LIMIT).until(() -> reads.from.size() == before + 1);
    }

    private static Progress progress(long number) {
        return new LogProgress(number, Snapshot.NOTHING, null, number);
    }

    /** Pages without events; those that are read ahead take until they may go on. */
    private static final class Reads extends ForwardingStore {

        final List<Progress> from = new CopyOnWriteArrayList<>();
        final List<PageLimit> limits = new CopyOnWriteArrayList<>();
        final List<Progress> over = new CopyOnWriteArrayList<>();
        final CountDownLatch mayGoOn = new CountDownLatch(1);
        volatile boolean claims;
        volatile @Nullable SQLException failure;

        Reads() {
            super(new PostgresOutboxStore(new SingleConnectionDataSource()));
        }

        @Override
        public boolean canReadAhead() {
            return !claims;
        }

        @Override
        public Page read(Lease lease, Progress start, PageLimit limit) throws SQLException {
            SQLException present = failure;
            from.add(start);
            limits.add(limit);
            if (Thread.currentThread().getName().equals("outbox-read-test")) {
                awaitUninterruptibly();
            }
            if (present != null) {
                throw present;
            }
            over.add(start);
            return new Page(List.of(), new long[0], progress(start.number() + 1), true);
        }

        /** As a driver does, who waits for the server's answer. */
        private void awaitUninterruptibly() {
            while (true) {
                try {
                    mayGoOn.await();
                    return;
                } catch (InterruptedException e) {
                    // the answer has not come yet
                }
            }
        }
    }
}
