package dev.freehold.benchmark.debezium;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.benchmark.Contestant;
import dev.freehold.benchmark.HoldableTransactions;
import dev.freehold.benchmark.Order;
import dev.freehold.benchmark.Pools;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.SpringTransactions;
import dev.freehold.benchmark.Surroundings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's embedded engine on PostgreSQL's log, with the outbox event router. The table is insert-only and has the
 * router's columns.
 */
public final class DebeziumContestant implements Contestant {

    private static final String CREATE_TABLE = """
            CREATE TABLE outbox (
                id            UUID PRIMARY KEY,
                aggregatetype VARCHAR(255) NOT NULL,
                aggregateid   VARCHAR(255) NOT NULL,
                type          VARCHAR(255) NOT NULL,
                payload       TEXT NOT NULL
            )""";

    private static final String CREATE_PUBLICATION =
            "CREATE PUBLICATION outbox FOR TABLE outbox WITH (publish = 'insert')";

    private static final String CREATE_SLOT =
            "SELECT pg_create_logical_replication_slot(current_database(), 'pgoutput')";

    private static final String INSERT =
            "INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload) VALUES (?, ?, ?, 'OrderPlaced', ?)";

    @Override
    public void prepare(Surroundings surroundings) throws SQLException, IOException {
        Engine.forgetOffsets(surroundings);
        try (HikariDataSource pool = Pools.open(surroundings, 1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(CREATE_TABLE);
            statement.execute(CREATE_PUBLICATION);
            statement.execute(CREATE_SLOT);
        }
    }

    @Override
    public Service start(Role role, Surroundings surroundings) throws Exception {
        HikariDataSource pool = Pools.open(surroundings, 8);
        SpringTransactions transactions = new SpringTransactions(new HoldableTransactions(pool), pool);
        Engine engine = role.relays() ? Engine.start(surroundings) : null;
        return new Running(pool, transactions, surroundings.topic(), engine);
    }

    private record Running(
            HikariDataSource pool,
            SpringTransactions transactions,
            String topic,
            @Nullable Engine engine) implements Service {

        @Override
        public void inTransaction(Work work) {
            transactions.run(work, this::insert);
        }

        private void insert(Connection connection, Order order) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, UUID.randomUUID());
                insert.setString(2, topic);
                insert.setString(3, order.key());
                insert.setString(4, order.json());
                insert.executeUpdate();
            }
        }

        @Override
        public void close() throws IOException, InterruptedException {
            if (engine != null) {
                engine.close();
            }
            pool.close();
        }
    }
}
