package dev.freehold.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The business transaction without any event: what writing costs anyway. */
public final class NoOutbox implements Contestant {

    @Override
    public void prepare(Surroundings surroundings) {}

    @Override
    public Service start(Role role, Surroundings surroundings) {
        HikariDataSource pool = Pools.open(surroundings, 8);
        SpringTransactions transactions = new SpringTransactions(new JdbcTransactionManager(pool), pool);
        return new Service() {
            @Override
            public void inTransaction(Work work) {
                transactions.run(work, (connection, order) -> {});
            }

            @Override
            public void close() {
                pool.close();
            }
        };
    }
}
