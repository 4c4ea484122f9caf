package dev.freehold.deploy;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A service's database with an outbox, on a server that all tests share, so only one at a time has the connector's slot. */
final class ServiceDatabase implements AutoCloseable {

    private static final Path SCRIPTS = Path.of("debezium");
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final PostgresServer SERVER = PostgresServer.start(
            Map.of("wal_level", "logical", "fsync", "off", "full_page_writes", "off", "synchronous_commit", "off"));

    private final TestDatabase database = SERVER.createDatabase();
    private final HikariDataSource dataSource = database.dataSource(20);
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private boolean published;

    ServiceDatabase() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
    }

    TestDatabase address() {
        return database;
    }

    HikariDataSource dataSource() {
        return dataSource;
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    /** Makes role, publication and slot of the connector. */
    void publish() {
        published = true;
        new ResourceDatabasePopulator(new FileSystemResource(SCRIPTS.resolve("publication.sql"))).execute(dataSource);
        // Databases of the fixture let nobody else in.
        execute("GRANT CONNECT ON DATABASE " + database.name() + " TO outbox_connector");
    }

    /** Drops the connector's slot, if it is there. */
    void dropSlot() {
        jdbc.sql("SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots")
                .query(Long.class)
                .single();
    }

    /** Makes the connector's slot again. */
    void createSlot() {
        String script = script("publication.sql");
        jdbc.sql(script.substring(
                        script.lastIndexOf("SELECT pg_create_logical_replication_slot"), script.lastIndexOf(';')))
                .query()
                .singleRow();
    }

    /** Truncates what is older than the retention. */
    void truncateOldParts(Duration retention) {
        execute(script("retention.sql").replace("7 days", retention.toMillis() + " milliseconds"));
    }

    private void execute(String sql) {
        jdbc.sql(sql).update();
    }

    private static String script(String name) {
        try {
            return Files.readString(SCRIPTS.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // The server notices only after a while that the connector has gone.
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            dropSlot();
            return true;
        });
        if (published) {
            execute("DROP OWNED BY outbox_connector");
            execute("DROP ROLE outbox_connector");
        }
        dataSource.close();
        database.drop();
    }
}
