package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.outbox.OutboxDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Ids of messages in databases that are used as a queue. */
abstract class QueueInboxStoreContract {

    private static final String CONSUMER = "billing";
    private static final int ROUNDS = 150;
    private static final int THREADS = 4;

    final OutboxDatabase database;
    private final TransactionTemplate transaction;

    QueueInboxStoreContract(OutboxDatabase database) {
        this.database = database;
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private InboxStore store(Duration retention) {
        InboxStore store = InboxTables.store(database.dataSource(), retention);
        transaction.setIsolationLevel(store.isolation());
        return store;
    }

    /** In one of the transactions that commit, whatever others do at the same time. */
    @Test
    void areNewOnce() throws Exception {
        InboxStore store = store(Duration.ofDays(8));
        List<UUID> ids =
                IntStream.range(0, 500).mapToObj(n -> UUID.randomUUID()).toList();
        Map<UUID, Integer> effects = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(thread);
            running.add(threads.submit(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    deliver(store, ids, random).forEach(id -> effects.merge(id, 1, Integer::sum));
                }
            }));
        }
        for (Future<?> thread : running) {
            thread.get();
        }
        threads.shutdown();
        assertThat(effects.keySet()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(effects.values()).containsOnly(1);
    }

    /** What was new in a transaction that was committed. */
    private Set<UUID> deliver(InboxStore store, List<UUID> ids, Random random) {
        List<UUID> batch = IntStream.range(0, 1 + random.nextInt(40))
                .mapToObj(n -> ids.get(random.nextInt(ids.size())))
                .distinct()
                .toList();
        boolean rollBack = random.nextInt(5) == 0;
        try {
            Set<UUID> fresh = transaction.execute(status -> {
                Set<UUID> found = store.note(CONSUMER, batch);
                if (rollBack) {
                    status.setRollbackOnly();
                }
                return found;
            });
            return rollBack || fresh == null ? Set.of() : fresh;
        } catch (TransientDataAccessException
                | DataIntegrityViolationException e) { // two at once: one is delivered again
            return Set.of();
        }
    }

    @Test
    void areForgottenAfterTheRetentionOnly() throws Exception {
        InboxStore store = store(Duration.ofSeconds(1));
        UUID id = UUID.randomUUID();
        assertThat(note(store, id)).containsExactly(id);
        assertThat(note(store, id)).isEmpty();
        assertThat(store.emptyOldParts()).isZero();
        await().atMost(Duration.ofMinutes(1)).until(() -> store.emptyOldParts() > 0);
        assertThat(note(store, id)).containsExactly(id);
        assertThat(store(Duration.ZERO).emptyOldParts()).isZero();
    }

    @Test
    void areKeptApartByConsumers() {
        InboxStore store = store(Duration.ofDays(8));
        UUID id = UUID.randomUUID();
        assertThat(note(store, id)).containsExactly(id);
        assertThat(transaction.<Set<UUID>>execute(status -> store.note("mail", List.of(id, id))))
                .containsExactly(id);
        assertThat(transaction.<Set<UUID>>execute(status -> store.note("mail", List.of())))
                .isEmpty();
    }

    private Set<UUID> note(InboxStore store, UUID id) {
        Set<UUID> found = transaction.execute(status -> store.note(CONSUMER, List.of(id)));
        assertThat(found).isNotNull();
        return Set.copyOf(found);
    }
}
