package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class PostgresOutboxStoreTests extends OutboxStoreContract {

    private final TestDatabase database = PostgresServer.shared().createDatabase("service");
    private final HikariDataSource dataSource = database.dataSource(4);
    private final PostgresOutboxStore store = new PostgresOutboxStore(dataSource);

    @BeforeEach
    void createTables() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
    }

    @AfterEach
    void drop() {
        dataSource.close();
        database.drop();
    }

    @Override
    HikariDataSource dataSource() {
        return dataSource;
    }

    @Override
    OutboxStore store() {
        return store;
    }

    @Override
    OutboxStore storeOn(DataSource other) {
        return new PostgresOutboxStore(other);
    }

    @Test
    void acceptsItsOwnScriptRunTwice() throws Exception {
        createTables();
        store.check();
    }

    @Test
    void findsNewEventsThroughTheIndexHoweverLongTheLogIs() throws Exception {
        SingleConnectionDataSource session = new SingleConnectionDataSource(dataSource.getConnection(), true);
        JdbcClient jdbc = JdbcClient.create(session);
        PostgresOutboxStore store = new PostgresOutboxStore(session);
        jdbc.sql("""
                        INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, version, payload, created_at)
                        SELECT gen_random_uuid(), 'topic', 'key', 'type', 1, '\\x00', now()
                        FROM generate_series(1, 100000)
                        """).update();
        Progress progress = TestLeases.acquire(store, "one", Duration.ofSeconds(30))
                .orElseThrow()
                .noted();
        Page page;
        do {
            page = store.readAgain(progress, new PageLimit(10_000, 1 << 20, null));
            progress = page.next();
        } while (page.more());
        append(List.of("new"));

        long before = blocksRead(jdbc);
        assertThat(store.readAgain(progress, new PageLimit(2_000, 1 << 20, null))
                        .events())
                .hasSize(1);
        assertThat(blocksRead(jdbc) - before)
                .as("blocks of the table and its indexes that one read of one new event touches")
                .isBetween(1L, 50L);
        session.destroy();
    }

    private static long blocksRead(JdbcClient jdbc) {
        jdbc.sql("SELECT pg_stat_force_next_flush()").query().singleRow();
        return jdbc.sql("""
                        SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)
                        FROM pg_statio_user_tables WHERE relname LIKE 'outbox_event__'
                        """).query(Long.class).single();
    }
}
