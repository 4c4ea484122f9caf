package dev.freehold.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The inbox that most people write: an INSERT for each message, in the transaction that handles it. */
public final class InboxByMessage implements Contestant {

    @Override
    public void prepare(Surroundings surroundings) throws SQLException {
        createTable(surroundings);
    }

    static void createTable(Surroundings surroundings) throws SQLException {
        try (HikariDataSource pool = Pools.open(surroundings, 1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE inbox (id UUID PRIMARY KEY)");
        }
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return HandWrittenConsumer.start(surroundings, HandWrittenConsumer.Deduplication.BY_MESSAGE);
    }
}
