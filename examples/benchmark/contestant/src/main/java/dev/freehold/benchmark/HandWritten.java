package dev.freehold.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** The outbox that a good engineer writes in an afternoon: an INSERT, and a poller without guarantees. */
public final class HandWritten implements Contestant {

    private static final String CREATE = """
            CREATE TABLE outbox (
                id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                key     TEXT NOT NULL,
                payload TEXT NOT NULL
            )""";

    private static final String INSERT = "INSERT INTO outbox (key, payload) VALUES (?, ?)";

    @Override
    public void prepare(Surroundings surroundings) throws SQLException {
        try (HikariDataSource pool = Pools.open(surroundings, 1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
        }
    }

    @Override
    public Service start(Role role, Surroundings surroundings) throws SQLException {
        HikariDataSource pool = Pools.open(surroundings, role.relays() ? 9 : 8);
        SpringTransactions transactions = new SpringTransactions(new HoldableTransactions(pool), pool);
        HandWrittenRelay relay = role.relays() ? HandWrittenRelay.start(pool, surroundings) : null;
        return new Running(pool, transactions, relay);
    }

    private static void insert(Connection connection, Order order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, order.key());
            insert.setString(2, order.json());
            insert.executeUpdate();
        }
    }

    private record Running(
            HikariDataSource pool,
            SpringTransactions transactions,
            @Nullable HandWrittenRelay relay) implements Service {

        @Override
        public void inTransaction(Work work) {
            transactions.run(work, HandWritten::insert);
        }

        @Override
        public void close() throws InterruptedException {
            if (relay != null) {
                relay.close();
            }
            pool.close();
        }
    }
}
