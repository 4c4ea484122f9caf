package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Tables that are not as this version needs them are refused when the outbox is built, not at the first order. */
class SchemaMistakeTests {

    private static final String SCRIPT = "dev/freehold/outbox/schema-postgresql.sql";

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(2);

    @BeforeEach
    void create() {
        new ResourceDatabasePopulator(new ClassPathResource(SCRIPT)).execute(dataSource);
    }

    @AfterEach
    void drop() {
        dataSource.close();
        database.drop();
    }

    private void refusesAfter(String change, String what) {
        new JdbcTemplate(dataSource).execute(change);

        assertThat(Refusal.of(() -> Service.on(dataSource), "classpath:" + SCRIPT, "freehold.outbox.initialize-schema")
                        .description())
                .contains(what);
    }

    @Test
    void acceptsTheScriptAsItIs() {
        assertThatNoException().isThrownBy(() -> Service.on(dataSource));
    }

    @Test
    void refusesAMissingEventTable() {
        refusesAfter("DROP TABLE outbox_event", "outbox_event is missing");
    }

    @Test
    void refusesAMissingProgressTable() {
        refusesAfter("DROP TABLE outbox_progress", "outbox_progress is missing");
    }

    @Test
    void refusesTablesInASchemaThatTheConnectionDoesNotLookAt() {
        refusesAfter(
                "CREATE SCHEMA elsewhere; ALTER TABLE outbox_event SET SCHEMA elsewhere", "outbox_event is missing");
    }

    @Test
    void refusesAMissingColumn() {
        refusesAfter("ALTER TABLE outbox_event DROP COLUMN traceparent", "outbox_event.traceparent is missing");
    }

    @Test
    void refusesAMissingColumnOfTheProgress() {
        refusesAfter("ALTER TABLE outbox_progress DROP COLUMN cluster", "outbox_progress.cluster is missing");
    }

    @Test
    void refusesAColumnOfAnotherType() {
        refusesAfter(
                "ALTER TABLE outbox_event ALTER payload TYPE text USING encode(payload, 'escape')",
                "outbox_event.payload is text, not bytea");
    }

    @Test
    void refusesAColumnThatIsTooShort() {
        refusesAfter(
                "ALTER TABLE outbox_event ALTER aggregateid TYPE varchar(100)",
                "outbox_event.aggregateid is character varying(100)");
    }

    @Test
    void refusesTimesWithoutZone() {
        refusesAfter(
                "ALTER TABLE outbox_event ALTER created_at TYPE timestamp",
                "created_at is timestamp without time zone, not timestamp with time zone");
    }

    @Test
    void refusesASequenceThatIsCached() {
        refusesAfter("ALTER TABLE outbox_event ALTER position SET CACHE 50", "CACHE 1");
    }

    @Test
    void refusesAPositionWithoutSequence() {
        refusesAfter("ALTER TABLE outbox_event ALTER position DROP IDENTITY", "CACHE 1");
    }

    @Test
    void refusesATransactionIdWithoutDefault() {
        refusesAfter("ALTER TABLE outbox_event ALTER tx DROP DEFAULT", "default pg_current_xact_id()");
    }

    @Test
    void refusesAMissingIndex() {
        refusesAfter("DROP INDEX outbox_event_tx", "index on outbox_event (tx, position) is missing");
    }
}
