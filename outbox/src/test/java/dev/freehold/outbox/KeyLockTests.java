package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionTemplate;

/** Types without a common row hold a lock on each of their keys from before the events are stored until the commit. */
class KeyLockTests {

    @OutboxEvent(type = "test.locked", topic = "locked", ordered = KeyOrder.LOCK_KEY)
    record Locked(@EventKey String key) {}

    @OutboxEvent(type = "test.free", topic = "free")
    record Free(@EventKey String key) {}

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private final List<Integer> locksAtCommit = new ArrayList<>();

    @AfterEach
    void drop() {
        dataSource.close();
        database.drop();
    }

    @Test
    void holdsOneLockForEachKeyAtTheCommitAndNoneAfterIt() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
        DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
        Outbox outbox = Outbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .build();
        manager.addListener(new TransactionExecutionListener() {
            @Override
            public void beforeCommit(TransactionExecution transaction) {
                locksAtCommit.add(advisoryLocks());
            }
        });
        TransactionTemplate transaction = new TransactionTemplate(manager);
        transaction.executeWithoutResult(status -> {
            outbox.publish(new Locked("a"));
            outbox.publish(new Locked("b"));
            outbox.publish(new Locked("a"));
        });
        transaction.executeWithoutResult(status -> outbox.publish(new Free("a")));

        assertThat(locksAtCommit).containsExactly(2, 0);
        assertThat(advisoryLocks()).isZero();
    }

    private int advisoryLocks() {
        return JdbcClient.create(database.plainDataSource())
                .sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                .query(Integer.class)
                .single();
    }
}
