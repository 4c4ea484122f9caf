package dev.freehold.benchmark.gruelbox;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.benchmark.Contestant;
import dev.freehold.benchmark.Pools;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.Surroundings;
import java.time.Duration;

/**
 * transaction-outbox: a stored call of {@link OrderSender#send}, made in a pool of threads right after the commit, or by
 * a flush loop for what is left over.
 */
public final class TransactionOutboxContestant implements Contestant {

    static final int THREADS = 16;

    /** A backlog is due when its relay comes back, so its entries must not wait for a later attempt. */
    private static final Duration DUE_SOON = Duration.ofMillis(200);

    /** Longer than a full queue takes, or entries would be submitted again before their turn. */
    private static final Duration ATTEMPT_FREQUENCY = Duration.ofMinutes(1);

    @Override
    public void prepare(Surroundings surroundings) {
        try (HikariDataSource pool = Pools.open(surroundings, 1)) {
            TransactionOutbox.builder()
                    .transactionManager(TransactionManager.fromDataSource(pool))
                    .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                    .build();
        }
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return role.relays() ? startRelaying(surroundings) : startWriting(surroundings);
    }

    private static Service startWriting(Surroundings surroundings) {
        HikariDataSource pool = Pools.open(surroundings, 8);
        var transactions = TransactionManager.fromDataSource(pool);
        TransactionOutbox outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .initializeImmediately(false)
                .submitter((entry, executor) -> {})
                .attemptFrequency(DUE_SOON)
                .build();
        outbox.initialize();
        return new TransactionOutboxService(transactions, outbox, pool::close);
    }

    private static Service startRelaying(Surroundings surroundings) {
        HikariDataSource pool = Pools.open(surroundings, 8 + THREADS + 1);
        OrderSender sender = new OrderSender(surroundings);
        BoundedExecutor executor = new BoundedExecutor(THREADS);
        var transactions = TransactionManager.fromDataSource(pool);
        TransactionOutbox outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> sender))
                .submitter(Submitter.withExecutor(executor))
                .attemptFrequency(ATTEMPT_FREQUENCY)
                .flushBatchSize(BoundedExecutor.FLUSH_BATCH)
                .build();
        FlushLoop loop = FlushLoop.start(outbox, executor);
        return new TransactionOutboxService(transactions, outbox, () -> {
            loop.close();
            executor.close();
            sender.close();
            pool.close();
        });
    }
}
