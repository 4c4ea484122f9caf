package dev.freehold.outbox.faults;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.History;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** A service whose transactions count up a row of a few and publish the count; it records what it did. */
final class Ledger implements AutoCloseable {

    static final String TOPIC = "entries";

    private static final int KEYS = 40;

    /** One more entry on an account. */
    @OutboxEvent(type = "ledger.entry", topic = TOPIC)
    record Entry(@EventKey String account, long sequence) {}

    final HikariDataSource dataSource;
    private final History history;
    private final Outbox outbox;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ExecutorService writers = Executors.newCachedThreadPool();
    private volatile boolean writing = true;

    Ledger(TestDatabase database, History history, Runnable afterCommit) {
        this.history = history;
        dataSource = database.dataSource(20);
        dataSource.setConnectionTimeout(2_000);
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
        jdbc = JdbcClient.create(dataSource);
        jdbc.sql("CREATE TABLE account (id varchar(20) PRIMARY KEY, entries bigint NOT NULL)")
                .update();
        for (int key = 0; key < KEYS; key++) {
            jdbc.sql("INSERT INTO account VALUES (?, 0)")
                    .param("account-" + key)
                    .update();
        }
        DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
        transaction = new TransactionTemplate(manager);
        outbox = Outbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .afterCommit(afterCommit)
                .build();
    }

    /** Starts threads that each write about that many transactions a second until {@link #stopWriting}. */
    void startWriting(int threads, int perSecond) {
        for (int thread = 0; thread < threads; thread++) {
            writers.submit(() -> {
                while (writing) {
                    write();
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000_000L / perSecond));
                }
            });
        }
    }

    void stopWriting() throws InterruptedException {
        writing = false;
        writers.shutdown();
        if (!writers.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("writers do not end");
        }
    }

    /** One transaction with one to four entries, one in ten of them rolled back. */
    void write() {
        String account = "account-" + ThreadLocalRandom.current().nextInt(KEYS);
        List<Written> written = new ArrayList<>();
        boolean[] rolledBack = new boolean[1];
        try {
            transaction.executeWithoutResult(status -> {
                int entries = 1 + ThreadLocalRandom.current().nextInt(4);
                for (int n = 0; n < entries; n++) {
                    written.add(entry(account));
                }
                if (ThreadLocalRandom.current().nextInt(10) == 0) {
                    status.setRollbackOnly();
                    rolledBack[0] = true;
                }
            });
        } catch (DataAccessException | TransactionException e) {
            return; // the database is away; whether the transaction committed is settled by who receives its events
        }
        for (Written event : written) {
            if (rolledBack[0]) {
                history.rolledBack(event.id(), account);
            } else {
                history.committed(event.id(), account, event.sequence());
            }
        }
    }

    private Written entry(String account) {
        long sequence = jdbc.sql("UPDATE account SET entries = entries + 1 WHERE id = ? RETURNING entries")
                .param(account)
                .query(Long.class)
                .single();
        UUID id = outbox.publish(new Entry(account, sequence));
        history.maybe(id, account, sequence);
        return new Written(id, sequence);
    }

    /** Events in the outbox: those that really were committed. */
    long stored() {
        return jdbc.sql("SELECT count(*) FROM outbox_event").query(Long.class).single();
    }

    @Override
    public void close() {
        writing = false;
        writers.shutdownNow();
        dataSource.close();
    }

    private record Written(UUID id, long sequence) {}
}
