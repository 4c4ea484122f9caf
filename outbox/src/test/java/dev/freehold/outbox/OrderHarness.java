package dev.freehold.outbox;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.fixture.Verdict;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writers that get in each other's way as much as they can: few keys, changes by four ways of persistence on the same
 * rows, several events and keys in a transaction, published before or after the change, pauses everywhere, rollbacks.
 *
 * <p>What the true order is, the database tells: a trigger counts the changes of each row and notes the count with the
 * id of the transaction, so it is known for every event, whatever the writers believe.
 */
final class OrderHarness implements AutoCloseable {

    static final int KEYS = 50;
    static final int WRITERS = 32;

    private static final String[] TABLES = {
        """
        CREATE TABLE account (
            id      varchar(20) PRIMARY KEY,
            amount  bigint NOT NULL DEFAULT 0,
            version bigint NOT NULL DEFAULT 0,
            changes bigint NOT NULL DEFAULT 0
        )
        """,
        "CREATE TABLE account_change (tx xid8 NOT NULL, account varchar(20) NOT NULL, changes bigint NOT NULL)",
        """
        CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.changes := OLD.changes + 1;
            INSERT INTO account_change VALUES (pg_current_xact_id(), NEW.id, NEW.changes);
            RETURN NEW;
        END $$
        """,
        "CREATE TRIGGER count_change BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION count_change()",
    };

    private static final String TRUE_ORDER = """
            SELECT e.id, e.aggregateid AS key, c.changes * 100 + CAST(convert_from(e.payload, 'UTF8')::json ->> 'n' AS int)
                   AS sequence
            FROM outbox_event e
            JOIN (SELECT tx, account, max(changes) AS changes FROM account_change GROUP BY tx, account) c
              ON c.tx = e.tx AND c.account = e.aggregateid
            """;

    @OutboxEvent(type = "test.account-changed", topic = "accounts")
    record AccountChanged(@EventKey String account, int n) {}

    @Entity
    @Table(name = "account")
    static class Account {
        @Id
        String id = "";

        long amount;
    }

    @Entity
    @Table(name = "account")
    static class VersionedAccount {
        @Id
        String id = "";

        long amount;

        @Version
        long version;
    }

    final HikariDataSource pool;
    final DataSource dataSource;
    private final EntityManagerFactory factory;
    private final EntityManager entities;
    private final JpaTransactionManager jpaManager;
    private final DataSourceTransactionManager jdbcManager;
    private final TransactionTemplate jpa;
    private final TransactionTemplate jdbc;
    private final JdbcClient client;
    private final ConcurrentLinkedQueue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicLong conflicts = new AtomicLong();

    OrderHarness(TestDatabase database) {
        pool = database.dataSource(WRITERS + 8);
        dataSource = new PausingDataSource(pool);
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql")).execute(pool);
        client = JdbcClient.create(dataSource);
        for (String table : TABLES) {
            JdbcClient.create(pool).sql(table).update();
        }
        for (int key = 0; key < KEYS; key++) {
            JdbcClient.create(pool)
                    .sql("INSERT INTO account (id) VALUES (?)")
                    .param(key(key))
                    .update();
        }
        factory = entityManagerFactory();
        entities = SharedEntityManagerCreator.createSharedEntityManager(factory);
        jpaManager = new JpaTransactionManager(factory);
        jdbcManager = new DataSourceTransactionManager(dataSource);
        jpa = new TransactionTemplate(jpaManager);
        jdbc = new TransactionTemplate(jdbcManager);
    }

    private EntityManagerFactory entityManagerFactory() {
        LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
        bean.setDataSource(dataSource);
        bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        bean.setPersistenceUnitName("accounts");
        bean.setManagedTypes(PersistenceManagedTypes.of(Account.class.getName(), VersionedAccount.class.getName()));
        bean.afterPropertiesSet();
        EntityManagerFactory made = bean.getObject();
        if (made == null) {
            throw new IllegalStateException("no persistence unit");
        }
        return made;
    }

    /** The outbox as a user has it. */
    Outbox outbox(Runnable afterCommit) {
        return Outbox.builder()
                .dataSource(dataSource)
                .transactionManager(jpaManager)
                .transactionManager(jdbcManager)
                .afterCommit(afterCommit)
                .build();
    }

    /** An outbox that leaves the flush of the persistence context to the commit, as simpler ones do. */
    Outbox outboxWithoutFlush(Runnable afterCommit) {
        DefaultOutbox outbox = new DefaultOutbox(
                dataSource,
                new EventWriter(
                        new EventTypes(),
                        tools.jackson.databind.json.JsonMapper.builder().build(),
                        PayloadCodec.NONE,
                        10_000,
                        () -> null,
                        java.time.Clock.systemUTC()));
        OutboxStore store = new PostgresOutboxStore(dataSource);
        jpaManager.addListener(new TransactionBinding(outbox, dataSource, store, () -> {}, afterCommit));
        jdbcManager.addListener(new TransactionBinding(outbox, dataSource, store, () -> {}, afterCommit));
        return outbox;
    }

    /** Lets all writers write until that many events are committed. */
    void write(Outbox outbox, int events) throws Exception {
        AtomicLong left = new AtomicLong(events);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> running = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            running.add(writers.submit(() -> {
                while (left.get() > 0) {
                    left.addAndGet(-transaction(outbox));
                }
            }));
        }
        writers.shutdown();
        for (Future<?> writer : running) {
            writer.get();
        }
        if (!writers.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("writers do not end");
        }
    }

    private int transaction(Outbox outbox) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Change change = Change.values()[random.nextInt(Change.values().length)];
        List<UUID> ids = new ArrayList<>();
        Set<String> keys = random.nextInt(10) == 0 ? twoKeys(random) : Set.of(key(random.nextInt(KEYS)));
        try {
            (change == Change.JDBC ? jdbc : jpa).executeWithoutResult(status -> {
                for (String key : keys.stream().sorted().toList()) {
                    changeAndPublish(outbox, change, key, ids);
                }
                rollBackSometimes(status, ids);
            });
        } catch (OptimisticLockingFailureException e) {
            conflicts.incrementAndGet();
            return 0;
        }
        acknowledged.addAll(ids);
        return ids.size();
    }

    private void changeAndPublish(Outbox outbox, Change change, String key, List<UUID> ids) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int events = 1 + random.nextInt(3);
        boolean publishFirst = random.nextBoolean();
        if (!publishFirst) {
            change(change, key);
        }
        for (int n = 0; n < events; n++) {
            ids.add(outbox.publish(new AccountChanged(key, n)));
        }
        if (publishFirst) {
            change(change, key);
        }
    }

    private void change(Change change, String key) {
        long amount = ThreadLocalRandom.current().nextLong();
        switch (change) {
            case ENTITY -> found(Account.class, key).amount = amount;
            case VERSIONED_ENTITY -> found(VersionedAccount.class, key).amount = amount;
            case BULK_JPQL ->
                entities.createQuery("UPDATE OrderHarness$Account a SET a.amount = :amount WHERE a.id = :id")
                        .setParameter("amount", amount)
                        .setParameter("id", key)
                        .executeUpdate();
            case JDBC ->
                client.sql("UPDATE account SET amount = :amount WHERE id = :id")
                        .param("amount", amount)
                        .param("id", key)
                        .update();
        }
    }

    private <T> T found(Class<T> type, String key) {
        T entity = entities.find(type, key);
        if (entity == null) {
            throw new IllegalStateException("no account " + key);
        }
        return entity;
    }

    private static void rollBackSometimes(TransactionStatus status, List<UUID> ids) {
        if (ThreadLocalRandom.current().nextInt(10) == 0) {
            status.setRollbackOnly();
            ids.clear();
        }
    }

    private static Set<String> twoKeys(ThreadLocalRandom random) {
        int first = random.nextInt(KEYS);
        return Set.of(key(first), key((first + 1 + random.nextInt(KEYS - 1)) % KEYS));
    }

    private static String key(int number) {
        return "account-%02d".formatted(number);
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** Which acknowledged events have not come yet. */
    boolean hasAll(List<StoredEvent> taken) {
        Set<UUID> missing = new HashSet<>(acknowledged);
        taken.forEach(event -> missing.remove(event.id()));
        return missing.isEmpty();
    }

    /** Compares what came with the true order. */
    Verdict judge(List<StoredEvent> taken) {
        Map<UUID, Long> sequences = new HashMap<>();
        Set<UUID> promised = new HashSet<>(acknowledged);
        try (History history = History.inMemory()) {
            JdbcClient.create(pool).sql(TRUE_ORDER).query(row -> {
                UUID id = row.getObject("id", UUID.class);
                sequences.put(id, row.getLong("sequence"));
                history.committed(id, row.getString("key"), row.getLong("sequence"));
                promised.remove(id);
            });
            if (!promised.isEmpty()) {
                throw new AssertionError(promised.size() + " acknowledged events are not in the database");
            }
            for (StoredEvent event : taken) {
                history.received("consumer", event.id(), event.key(), sequences.getOrDefault(event.id(), 0L));
            }
            return HistoryChecker.check(history);
        }
    }

    @Override
    public void close() {
        factory.close();
        pool.close();
    }

    /** How a transaction changes a row. */
    private enum Change {
        ENTITY,
        VERSIONED_ENTITY,
        BULK_JPQL,
        JDBC
    }
}
