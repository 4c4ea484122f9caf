package dev.freehold.outbox.wiring;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A service's database for a test class: the outbox's tables and one of orders, both empty before each test. */
final class Database implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    static final String ORDERS = "CREATE TABLE orders (id varchar(64) PRIMARY KEY, amount bigint NOT NULL DEFAULT 0)";

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource pool = database.dataSource(4);
    private final List<HikariDataSource> otherPools = new ArrayList<>();

    /** What everybody else sees, whatever this thread's transaction has done. */
    private final JdbcClient outside = JdbcClient.create(database.plainDataSource());

    @Override
    public void beforeAll(ExtensionContext context) {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql")).execute(pool);
        new JdbcTemplate(pool).execute(ORDERS);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        empty();
    }

    void empty() {
        outside.sql("TRUNCATE outbox_event, orders").update();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        otherPools.forEach(HikariDataSource::close);
        pool.close();
        database.drop();
    }

    HikariDataSource dataSource() {
        return pool;
    }

    /** A pool on the same database that is not the service's. */
    HikariDataSource otherDataSource() {
        HikariDataSource other = database.dataSource(2);
        otherPools.add(other);
        return other;
    }

    TestDatabase address() {
        return database;
    }

    /** Inserts a business row, in the thread's transaction if there is one on this source. */
    static void placeOrder(DataSource source, String id) {
        JdbcClient.create(source)
                .sql("INSERT INTO orders (id) VALUES (?)")
                .param(id)
                .update();
    }

    /** Committed business rows. */
    List<String> orders() {
        return outside.sql("SELECT id FROM orders ORDER BY id")
                .query((row, n) -> row.getString(1))
                .list();
    }

    /** Keys of the committed events, in the order in which they are published. */
    List<String> events() {
        return outside.sql("SELECT aggregateid FROM outbox_event ORDER BY position")
                .query((row, n) -> row.getString(1))
                .list();
    }
}
