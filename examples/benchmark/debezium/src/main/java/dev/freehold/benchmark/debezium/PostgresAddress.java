package dev.freehold.benchmark.debezium;

import java.net.URI;

/** The parts of a JDBC URL, which Debezium wants one by one. */
record PostgresAddress(String host, String port, String database) {

    static PostgresAddress of(String jdbcUrl) {
        URI uri = URI.create(jdbcUrl.substring("jdbc:".length()));
        return new PostgresAddress(
                uri.getHost(), Integer.toString(uri.getPort()), uri.getPath().substring(1));
    }
}
