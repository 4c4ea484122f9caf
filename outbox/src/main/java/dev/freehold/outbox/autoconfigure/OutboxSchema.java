package dev.freehold.outbox.autoconfigure;

import javax.sql.DataSource;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;

/** Runs the schema script of the database's kind at start, where that is asked for. */
final class OutboxSchema {

    private static final String SCRIPT = "classpath:dev/freehold/outbox/schema-@@platform@@.sql";

    private OutboxSchema() {}

    static DataSourceScriptDatabaseInitializer initializer(DataSource dataSource, DatabaseInitializationMode mode) {
        DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
        if (runs(mode, dataSource)) {
            settings.setSchemaLocations(new PlatformPlaceholderDatabaseDriverResolver().resolveAll(dataSource, SCRIPT));
        }
        settings.setMode(mode);
        return new DataSourceScriptDatabaseInitializer(dataSource, settings);
    }

    /** The database is not asked for its kind if that does not matter: it may be away at start. */
    private static boolean runs(DatabaseInitializationMode mode, DataSource dataSource) {
        return switch (mode) {
            case ALWAYS -> true;
            case EMBEDDED -> EmbeddedDatabaseConnection.isEmbedded(dataSource);
            case NEVER -> false;
        };
    }
}
