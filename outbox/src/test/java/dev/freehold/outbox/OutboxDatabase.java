package dev.freehold.outbox;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.MariaDbServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.internal.QueueDatabase;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A database with the outbox's tables, of any kind. */
public final class OutboxDatabase implements AutoCloseable {

    private static final String POSTGRES_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    private static final String MARIADB_WAITS = """
            SELECT CAST(variable_value AS integer) FROM information_schema.global_status
            WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'
            """;
    private static final String H2_WAITS =
            "SELECT count(*) FROM information_schema.sessions WHERE blocker_id IS NOT NULL";

    private final HikariDataSource dataSource;
    private final String waits;
    private final Runnable drop;

    private OutboxDatabase(HikariDataSource dataSource, String script, String waits, Runnable drop) {
        this.dataSource = dataSource;
        this.waits = waits;
        this.drop = drop;
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/" + script)).execute(dataSource);
    }

    public static OutboxDatabase postgres(int connections) {
        TestDatabase database = PostgresServer.shared().createDatabase("service");
        return new OutboxDatabase(
                database.dataSource(connections), "schema-postgresql.sql", POSTGRES_WAITS, database::drop);
    }

    public static OutboxDatabase mariaDb(int connections) {
        TestDatabase database = MariaDbServer.shared().createDatabase("service");
        return new OutboxDatabase(
                database.dataSource(connections), QueueDatabase.MARIADB.script(), MARIADB_WAITS, database::drop);
    }

    /** Its sessions do not have MariaDB's default level. */
    public static OutboxDatabase mariaDbReadCommitted(int connections) {
        TestDatabase database = MariaDbServer.shared().createDatabase("service");
        HikariDataSource pool = database.dataSource(connections);
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new OutboxDatabase(pool, QueueDatabase.MARIADB.script(), MARIADB_WAITS, database::drop);
    }

    public static OutboxDatabase h2(int connections) {
        HikariDataSource pool = H2.dataSource();
        pool.setMaximumPoolSize(connections);
        return new OutboxDatabase(pool, QueueDatabase.H2.script(), H2_WAITS, () -> {});
    }

    public HikariDataSource dataSource() {
        return dataSource;
    }

    OutboxStore store() {
        return OutboxStores.of(dataSource, Duration.ofDays(1));
    }

    /** Whether any transaction waits for a lock. */
    public boolean hasAWaitForALock() {
        return JdbcClient.create(dataSource).sql(waits).query(Long.class).single() > 0;
    }

    @Override
    public void close() {
        dataSource.close();
        drop.run();
    }
}
