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
import org.springframework.jdbc.datasource.DriverManagerDataSource;
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
    void refusesMissingTablesOfParkedEvents() {
        refusesAfter("ALTER TABLE outbox_parked DROP COLUMN dead", "outbox_parked.dead is missing");
        refusesAfter("DROP TABLE outbox_parked_key", "outbox_parked_key is missing");
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
        refusesAfter("ALTER SEQUENCE outbox_event_position CACHE 50", "CACHE 1");
    }

    @Test
    void refusesAPositionWithoutSequence() {
        refusesAfter(
                "ALTER TABLE outbox_event ALTER position DROP DEFAULT; DROP SEQUENCE outbox_event_position", "CACHE 1");
    }

    @Test
    void refusesATransactionIdWithoutDefault() {
        refusesAfter("ALTER TABLE outbox_event ALTER tx DROP DEFAULT", "default pg_current_xact_id()");
    }

    @Test
    void refusesATableThatACrashWouldEmpty() {
        refusesAfter("ALTER TABLE outbox_event_2 SET UNLOGGED", "outbox_event_2 is unlogged");
    }

    @Test
    void refusesALogWithAPartMissing() {
        refusesAfter("DROP TABLE outbox_event_3", "has not the 4 partitions");
    }

    @Test
    void refusesAProgressThatACrashWouldEmpty() {
        refusesAfter("ALTER TABLE outbox_progress SET UNLOGGED", "outbox_progress is unlogged");
    }

    @Test
    void refusesAColumnThatNobodyFills() {
        refusesAfter("ALTER TABLE outbox_event ADD COLUMN tenant text NOT NULL", "outbox_event.tenant is not ours");
    }

    @Test
    void acceptsAColumnThatFillsItself() {
        new JdbcTemplate(dataSource)
                .execute(
                        "ALTER TABLE outbox_event ADD COLUMN tenant text NOT NULL DEFAULT 'none', ADD COLUMN note text");

        assertThatNoException().isThrownBy(() -> Service.on(dataSource));
    }

    @Test
    void refusesARoleThatMayNotInsert() {
        String role = database.name() + "_reader";
        JdbcTemplate owner = new JdbcTemplate(dataSource);
        owner.execute("""
                CREATE ROLE %1$s LOGIN;
                GRANT CONNECT ON DATABASE %2$s TO %1$s;
                GRANT SELECT ON ALL TABLES IN SCHEMA public TO %1$s
                """.formatted(role, database.name()));
        DriverManagerDataSource reader = new DriverManagerDataSource(database.url(), role, "");
        try {
            assertThat(Refusal.of(() -> Service.on(reader), "schema-postgresql.sql")
                            .description())
                    .contains("may not read and write");

            owner.execute("GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO " + role);
            assertThat(Refusal.of(() -> Service.on(reader), "schema-postgresql.sql")
                            .description())
                    .contains("USAGE on sequence outbox_event_position");

            owner.execute("GRANT USAGE ON SEQUENCE outbox_event_position TO " + role);
            owner.execute("REVOKE INSERT ON outbox_event_2 FROM " + role);
            assertThat(Refusal.of(() -> Service.on(reader), "schema-postgresql.sql")
                            .description())
                    .contains("the log's part outbox_event_2; GRANT it INSERT");

            owner.execute("GRANT INSERT ON outbox_event_2 TO " + role);
            assertThatNoException().isThrownBy(() -> Service.on(reader));
        } finally {
            owner.execute("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(role));
        }
    }

    @Test
    void rollsBackWhenATriggerKeepsAnEventOut() {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        jdbc.execute(Database.ORDERS);
        jdbc.execute("""
                CREATE FUNCTION keep_out() RETURNS trigger LANGUAGE plpgsql AS
                  $$BEGIN IF NEW.aggregateid = 'kept out' THEN RETURN NULL; END IF; RETURN NEW; END$$;
                CREATE TRIGGER keep_out BEFORE INSERT ON outbox_event FOR EACH ROW EXECUTE FUNCTION keep_out()
                """);
        Service service = Service.on(dataSource);

        Refusal.of(
                () -> service.inTransaction(() -> {
                    service.placeAndPublish("1");
                    service.placeAndPublish("kept out");
                }),
                "Take triggers and rules off outbox_event");

        assertThat(jdbc.queryForList("SELECT id FROM orders")).isEmpty();
        assertThat(jdbc.queryForList("SELECT id FROM outbox_event")).isEmpty();
    }

    @Test
    void refusesAMissingIndex() {
        refusesAfter("DROP INDEX outbox_event_tx", "index on outbox_event (tx, position) is missing");
    }
}
