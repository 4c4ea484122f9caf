package dev.freehold.acceptance.faults;

import dev.freehold.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that stay open while everything else goes on: one that only reads, one that has placed an order, and two that
 * have done so and are prepared, of which one will be committed. A database that was restarted gets new ones.
 */
final class HeldTransactions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HeldTransactions.class);

    private static final String PLACE = """
            WITH placed AS (
              INSERT INTO orders (id, customer, number, total, event_id) VALUES (gen_random_uuid(), ?, 1, 1.50, ?)
              RETURNING id, customer, number, total, event_id
            )
            INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, version, payload, created_at)
            SELECT event_id, 'orders', customer, 'faults.order-placed', 1,
                   convert_to(json_build_object('customer', customer, 'number', number, 'orderId', id, 'total', total)::text,
                              'UTF8'),
                   now()
            FROM placed
            """;

    private static final String SNAPSHOT = "SELECT pg_current_xact_id(), count(*) FROM outbox_event";
    private static final AtomicInteger count = new AtomicInteger();

    private final TestDatabase orders;
    private final TestDatabase billing;
    private final String prepared = "held-" + count.incrementAndGet();
    private @Nullable Connection ordering;
    private @Nullable Connection readingOrders;
    private @Nullable Connection readingBilling;

    private HeldTransactions(TestDatabase orders, TestDatabase billing) {
        this.orders = orders;
        this.billing = billing;
    }

    static HeldTransactions open(TestDatabase orders, TestDatabase billing) throws SQLException {
        HeldTransactions held = new HeldTransactions(orders, billing);
        held.prepare(held.prepared + "-kept");
        held.prepare(held.prepared + "-given-up");
        held.renew();
        return held;
    }

    private void prepare(String name) throws SQLException {
        try (Connection connection = connect(orders)) {
            place(connection, name);
            execute(connection, "PREPARE TRANSACTION '" + name + "'");
        }
    }

    /** Opens anew what a database has lost; what it cannot open now it opens the next time. */
    synchronized void renew() {
        try {
            if (isBroken(ordering)) {
                Connection opened = connect(orders);
                place(opened, "held-open-" + count.incrementAndGet());
                ordering = opened;
            }
            readingOrders = reading(readingOrders, orders);
            readingBilling = reading(readingBilling, billing);
        } catch (SQLException e) {
            log.debug("No transaction can be held open now", e);
        }
    }

    private static Connection reading(@Nullable Connection open, TestDatabase database) throws SQLException {
        if (open != null && !isBroken(open)) {
            return open;
        }
        Connection opened = connect(database);
        opened.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        execute(opened, SNAPSHOT);
        return opened;
    }

    private static boolean isBroken(@Nullable Connection connection) throws SQLException {
        return connection == null || !connection.isValid(5);
    }

    /** Ends all of them, the prepared ones at last; what a broken one has done is undone by the database. */
    @Override
    public synchronized void close() throws SQLException {
        for (Connection open : new Connection[] {ordering, readingOrders, readingBilling}) {
            if (open != null) {
                commit(open);
            }
        }
        try (Connection connection = connect(orders)) {
            connection.setAutoCommit(true);
            execute(connection, "COMMIT PREPARED '" + prepared + "-kept'");
            execute(connection, "ROLLBACK PREPARED '" + prepared + "-given-up'");
        }
    }

    private static void commit(Connection open) {
        try (open) {
            open.commit();
        } catch (SQLException e) {
            log.debug("A transaction that was held open had ended", e);
        }
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
        connection.setAutoCommit(false);
        return connection;
    }

    private static void place(Connection connection, String customer) throws SQLException {
        try (PreparedStatement place = connection.prepareStatement(PLACE)) {
            place.setString(1, customer);
            place.setObject(2, UUID.randomUUID());
            place.executeUpdate();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
