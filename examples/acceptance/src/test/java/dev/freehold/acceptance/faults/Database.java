package dev.freehold.acceptance.faults;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The database of a service, on a server of its own. */
final class Database implements AutoCloseable {

    static final String ORDERS = """
            CREATE TABLE shop (open boolean NOT NULL);
            INSERT INTO shop (open) VALUES (true);
            CREATE TABLE customer (id varchar(20) PRIMARY KEY, orders bigint NOT NULL);
            INSERT INTO customer (id, orders) SELECT 'customer-' || n, 0 FROM generate_series(0, 29) AS n;
            CREATE TABLE orders (id uuid PRIMARY KEY, customer varchar(20) NOT NULL, number bigint NOT NULL,
                                 total numeric(12, 2) NOT NULL, event_id uuid NOT NULL,
                                 stored_at timestamptz NOT NULL DEFAULT clock_timestamp());
            """;

    /** Nothing here keeps an order from being billed twice: that is the inbox's part. */
    static final String BILLING = """
            CREATE TABLE account (customer varchar(20) PRIMARY KEY, invoices bigint NOT NULL);
            CREATE TABLE invoice (order_id uuid NOT NULL, order_number bigint NOT NULL, order_event uuid NOT NULL,
                                  customer varchar(20) NOT NULL, number bigint NOT NULL, total numeric(12, 2) NOT NULL,
                                  event_id uuid NOT NULL, stored_at timestamptz NOT NULL DEFAULT clock_timestamp());
            """;

    private static final String INSTANCES = """
            CREATE TABLE instance (pid bigint NOT NULL, clock timestamptz NOT NULL,
                                   noted_at timestamptz NOT NULL DEFAULT clock_timestamp());
            """;

    private static final String IS_UP = "SELECT EXISTS (SELECT FROM instance WHERE pid = ?)";

    private final PostgresServer server;
    private final TestDatabase database;

    private Database(PostgresServer server, TestDatabase database) {
        this.server = server;
        this.database = database;
    }

    static Database start(String tables) {
        PostgresServer server = PostgresServer.start(Map.of("shared_buffers", "64MB"));
        TestDatabase database = server.createDatabase();
        createTables(database, tables);
        return new Database(server, database);
    }

    /** The outbox's tables, and those of a service. */
    static void createTables(TestDatabase database, String tables) {
        new ResourceDatabasePopulator(
                        new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"),
                        new ByteArrayResource((tables + INSTANCES).getBytes(StandardCharsets.UTF_8)))
                .execute(database.plainDataSource());
    }

    TestDatabase address() {
        return database;
    }

    int port() {
        return URI.create(database.url().substring("jdbc:".length())).getPort();
    }

    /** With a connection of its own for each statement, past all proxies. */
    JdbcClient jdbc() {
        return JdbcClient.create(database.plainDataSource());
    }

    /** Whether the instance with this process id has started, and its clock is right, or as wrong as it shall be. */
    boolean knowsOf(long pid) {
        try {
            return jdbc().sql(IS_UP).param(pid).query(Boolean.class).single();
        } catch (DataAccessException databaseIsAway) {
            return false;
        }
    }

    /** Stops in order and starts. */
    synchronized void restart() {
        server.restart();
    }

    /** Ends at once, as {@code pg_ctl stop -m immediate} and a power failure do, and recovers. */
    synchronized void crash() {
        server.crash();
        server.restart();
    }

    @Override
    public synchronized void close() {
        server.close();
    }
}
