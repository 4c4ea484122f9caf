package dev.freehold.deploy;

import dev.freehold.fixture.History;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A service whose transactions count up the entries of an account and publish each; it records what it did. */
final class Accounts implements AutoCloseable {

    static final String TOPIC = "entries";

    private static final int ACCOUNTS = 20;
    private static final int HELD = 2;
    private static final int WRITERS = 8;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    /** One more entry of an account. */
    @OutboxEvent(type = "accounts.entry", topic = TOPIC)
    record Entry(@EventKey String account, long sequence) {}

    private final History history;
    private final Outbox outbox;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    private final ExecutorService holders = Executors.newCachedThreadPool();
    private volatile boolean writing = true;
    private volatile boolean paused;
    private int held;

    Accounts(ServiceDatabase database, History history) {
        this.history = history;
        this.jdbc = database.jdbc();
        JdbcTransactionManager manager = new JdbcTransactionManager(database.dataSource());
        this.transaction = new TransactionTemplate(manager);
        this.outbox = Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .build();
        jdbc.sql("CREATE TABLE account (id varchar(20) PRIMARY KEY, entries bigint NOT NULL)")
                .update();
        jdbc.sql("INSERT INTO account SELECT 'account-' || n, 0 FROM generate_series(1, ?) AS n")
                .param(ACCOUNTS + HELD)
                .update();
    }

    void startWriting() {
        for (int writer = 0; writer < WRITERS; writer++) {
            writers.execute(() -> {
                while (writing) {
                    if (!paused) {
                        write(
                                1 + ThreadLocalRandom.current().nextInt(ACCOUNTS),
                                ThreadLocalRandom.current().nextInt(10) == 0);
                    }
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
                }
            });
        }
    }

    /** Writes nothing, but for what has begun, until it is told to go on. */
    void pauseWriting() {
        paused = true;
    }

    void resumeWriting() {
        paused = false;
    }

    /** Leaves a transaction with entries of an account of its own open, until what is returned is run. */
    Runnable hold() {
        int account = ACCOUNTS + 1 + held++ % HELD;
        CountDownLatch stored = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        Future<?> holder = holders.submit(() -> write(account, false, () -> {
            stored.countDown();
            await(commit);
        }));
        await(stored);
        return () -> {
            commit.countDown();
            try {
                holder.get(1, TimeUnit.MINUTES);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("a transaction was held open for too long");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the writing with an entry of each account. */
    void stopWriting() {
        writing = false;
        writers.shutdown();
        try {
            if (!writers.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("writers do not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int account = 1; account <= ACCOUNTS + HELD; account++) {
            write(account, false);
        }
    }

    /** How many entries each account has. */
    Map<String, Long> entries() {
        Map<String, Long> entries = new TreeMap<>();
        jdbc.sql("SELECT id, entries FROM account").query(row -> {
            entries.put(row.getString(1), row.getLong(2));
        });
        return entries;
    }

    /** Events in the log. */
    long stored() {
        return jdbc.sql("SELECT count(*) FROM outbox_event").query(Long.class).single();
    }

    private void write(int number, boolean rollBack) {
        write(number, rollBack, () -> {});
    }

    private void write(int number, boolean rollBack, Runnable beforeCommit) {
        String account = "account-" + number;
        List<Runnable> outcomes = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            int entries = 1 + ThreadLocalRandom.current().nextInt(4);
            for (int n = 0; n < entries; n++) {
                outcomes.add(entry(account, rollBack));
            }
            beforeCommit.run();
            if (rollBack) {
                status.setRollbackOnly();
            }
        });
        outcomes.forEach(Runnable::run);
    }

    private Runnable entry(String account, boolean rollBack) {
        long sequence = jdbc.sql("UPDATE account SET entries = entries + 1 WHERE id = ? RETURNING entries")
                .param(account)
                .query(Long.class)
                .single();
        UUID id = outbox.publish(new Entry(account, sequence));
        return rollBack ? () -> history.rolledBack(id, account) : () -> history.committed(id, account, sequence);
    }

    @Override
    public void close() {
        writing = false;
        writers.shutdownNow();
        holders.shutdownNow();
    }
}
