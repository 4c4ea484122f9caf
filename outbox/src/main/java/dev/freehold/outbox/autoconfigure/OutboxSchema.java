package dev.freehold.outbox.autoconfigure;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;

/** Runs the schema script of the database's kind at start, where that is asked for. */
final class OutboxSchema {

    private static final String SCRIPT = "classpath:dev/freehold/outbox/schema-postgresql.sql";

    private OutboxSchema() {}

    static DataSourceScriptDatabaseInitializer initializer(DataSource dataSource, DatabaseInitializationMode mode) {
        DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
        settings.setSchemaLocations(List.of(SCRIPT));
        settings.setMode(mode);
        return new DataSourceScriptDatabaseInitializer(dataSource, settings);
    }
}
