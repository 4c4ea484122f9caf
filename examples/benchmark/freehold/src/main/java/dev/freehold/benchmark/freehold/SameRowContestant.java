package dev.freehold.benchmark.freehold;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.benchmark.Contestant;
import dev.freehold.benchmark.Order;
import dev.freehold.benchmark.Pools;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.SpringTransactions;
import dev.freehold.benchmark.Surroundings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Freehold's row, written by hand: what its columns and indexes cost, whoever fills them. Nobody relays it. */
public final class SameRowContestant implements Contestant {

    private static final String INSERT = """
            INSERT INTO outbox_event_0
              (id, aggregatetype, aggregateid, type, version, payload, traceparent, created_at, part)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
            """;

    @Override
    public void prepare(Surroundings surroundings) {
        new FreeholdContestant().prepare(surroundings);
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        HikariDataSource pool = Pools.open(surroundings, 8);
        SpringTransactions transactions = new SpringTransactions(new JdbcTransactionManager(pool), pool);
        return new Service() {
            @Override
            public void inTransaction(Work work) {
                transactions.run(work, SameRowContestant::insert);
            }

            @Override
            public void close() {
                pool.close();
            }
        };
    }

    private static void insert(Connection connection, Order order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, UUID.randomUUID());
            insert.setString(2, OrderPlaced.TOPIC);
            insert.setString(3, order.key());
            insert.setString(4, "benchmark.order-placed");
            insert.setInt(5, 1);
            insert.setBytes(6, order.json().getBytes(StandardCharsets.UTF_8));
            insert.setString(7, null);
            insert.setObject(8, OffsetDateTime.now(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }
}
