package dev.freehold.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs statements on a service's database, each in a transaction of its own. */
record PostgresCalls(DataSource dataSource) {

    <T> T call(String sql, Work<PreparedStatement, T> work) throws SQLException {
        return call(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.apply(statement);
            }
        });
    }

    /** Commits also where the pool hands out connections without auto-commit. */
    <T> T call(Work<Connection, T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            T result = work.apply(connection);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return result;
        }
    }

    /** The rows of a statement that sets something for its transaction first. */
    static ResultSet resultOfSecond(PreparedStatement statement) throws SQLException {
        statement.execute();
        statement.getMoreResults();
        return statement.getResultSet();
    }

    /** How many rows a statement changed that locks something for its transaction first. */
    static int countOfSecond(PreparedStatement statement) throws SQLException {
        statement.execute();
        statement.getMoreResults();
        return statement.getUpdateCount();
    }

    /** What is done with a connection or statement. */
    @FunctionalInterface
    interface Work<S, T> {
        T apply(S subject) throws SQLException;
    }
}
