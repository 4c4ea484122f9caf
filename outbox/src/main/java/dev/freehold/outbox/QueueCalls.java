package dev.freehold.outbox;

import dev.freehold.outbox.internal.QueueDatabase;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs statements on a service's database that is used as a queue, in transactions of their own. */
final class QueueCalls {

    /** Held by whoever changes what is parked. */
    private static final String LOCK_PARKED = "SELECT slot FROM outbox_lock WHERE slot = -1 FOR UPDATE";

    private final QueueDatabase database;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    QueueCalls(QueueDatabase database, DataSource dataSource) {
        this.database = database;
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** A statement, with the database's time for {@code :now}. */
    StatementSpec sql(String statement) {
        return jdbc.sql(database.sql(statement));
    }

    /** A statement that deletes rows by an index. */
    StatementSpec delete(String table, String index, String where) {
        return jdbc.sql(database.deleteFrom(table, index) + where);
    }

    <T> T inTransaction(Supplier<T> work) {
        T result = transaction.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("every statement has a result");
        }
        return result;
    }

    /** One at a time, so that a key is not let go while an event is put behind it. */
    <T> T changingParked(Supplier<T> work) {
        return inTransaction(() -> {
            sql(LOCK_PARKED).query(Integer.class).single();
            return work.get();
        });
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    /** Numbers, for an {@code IN}. */
    static String list(Collection<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** The condition of being in a shard. */
    static String inShard(Shard shard) {
        return shard.isWhole() ? "" : " AND MOD(slot, %d) = %d".formatted(shard.of(), shard.number());
    }
}
