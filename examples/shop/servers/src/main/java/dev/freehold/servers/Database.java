package dev.freehold.servers;

/**
 * A service's database: what goes into {@code spring.datasource.*}.
 *
 * @param url the JDBC address
 * @param user the role that owns this database and can connect to no other
 * @param password the role's password
 */
public record Database(String url, String user, String password) {}
