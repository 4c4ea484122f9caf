package dev.freehold.outbox;

import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;

/** Databases in memory, which end with their pool. */
final class H2 {

    private static final int CONNECTIONS = 10;

    private H2() {}

    static HikariDataSource dataSource() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
        pool.setUsername("sa");
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(1);
        return pool;
    }
}
