package dev.freehold.benchmark;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The connection pool of every contestant. */
public final class Pools {

    private Pools() {}

    /** Opens a pool of a fixed size. */
    public static HikariDataSource open(Surroundings surroundings, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(surroundings.jdbcUrl());
        config.setUsername(surroundings.user());
        config.setPassword(surroundings.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        return new HikariDataSource(config);
    }
}
