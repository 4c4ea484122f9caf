package dev.freehold.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What consumers do with an order: they count on its bill, a row of its own, how often it was handled. */
public final class Bill {

    private static final String UPDATE = "UPDATE bill SET handled = handled + 1 WHERE number = ?";

    private Bill() {}

    /** Handles the order of this number in the transaction of the connection. */
    public static void handle(Connection connection, long number) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setLong(1, number);
            update.executeUpdate();
        }
    }
}
