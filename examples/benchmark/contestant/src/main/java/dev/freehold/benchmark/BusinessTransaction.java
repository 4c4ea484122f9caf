package dev.freehold.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The business of the benchmark: books an order's amount on its account and publishes the order. */
final class BusinessTransaction {

    private static final String UPDATE = "UPDATE account SET balance = balance + ? WHERE id = ?";

    private BusinessTransaction() {}

    /** Runs it and tells when its last statement before the commit was done, as {@link System#nanoTime()}. */
    static long run(Service service, Order order) throws Exception {
        long[] beforeCommit = new long[1];
        service.inTransaction((connection, publisher) -> {
            update(connection, order);
            publisher.publish(order);
            beforeCommit[0] = System.nanoTime();
        });
        return beforeCommit[0];
    }

    private static void update(Connection connection, Order order) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setLong(1, order.cents());
            update.setInt(2, order.account());
            update.executeUpdate();
        }
    }
}
