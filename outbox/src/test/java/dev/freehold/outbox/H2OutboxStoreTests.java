package dev.freehold.outbox;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.internal.QueueDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class H2OutboxStoreTests extends OutboxStoreContract {

    private final OutboxDatabase database = OutboxDatabase.h2(4);

    @AfterEach
    void drop() {
        database.close();
    }

    @Override
    HikariDataSource dataSource() {
        return database.dataSource();
    }

    @Override
    OutboxStore store() {
        return database.store();
    }

    @Override
    OutboxStore storeOn(DataSource other) {
        return new QueueOutboxStore(QueueDatabase.H2, other);
    }

    @Test
    void acceptsItsOwnScriptRunTwice() throws Exception {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/" + QueueDatabase.H2.script()))
                .execute(dataSource());
        store().check();
    }
}
