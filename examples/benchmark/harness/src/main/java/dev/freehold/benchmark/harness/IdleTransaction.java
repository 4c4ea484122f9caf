package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Surroundings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A transaction that has done something and then stays idle, until it is closed and rolled back. */
final class IdleTransaction implements AutoCloseable {

    private final Connection connection;

    private IdleTransaction(Connection connection) {
        this.connection = connection;
    }

    /** Holds a snapshot, as a backup or a report does. */
    static IdleTransaction thatReads(Surroundings surroundings) throws SQLException {
        return open(surroundings, Connection.TRANSACTION_REPEATABLE_READ, "SELECT count(*) FROM account");
    }

    /** Holds a transaction id, as whatever writes does. */
    static IdleTransaction thatWrites(Surroundings surroundings) throws SQLException {
        String sql = "INSERT INTO account (id, balance) VALUES (-1, 0)";
        return open(surroundings, Connection.TRANSACTION_READ_COMMITTED, sql);
    }

    private static IdleTransaction open(Surroundings surroundings, int isolation, String sql) throws SQLException {
        Connection connection = Servers.connect(surroundings);
        connection.setTransactionIsolation(isolation);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return new IdleTransaction(connection);
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
