package dev.freehold.outbox.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxDatabase;
import dev.freehold.outbox.PublishedStates;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

/** A service that publishes the states of its customers and stock, on a database of its own. */
final class States implements AutoCloseable {

    private final OutboxDatabase database;
    private final LocalContainerEntityManagerFactoryBean unit = new LocalContainerEntityManagerFactoryBean();
    final HikariDataSource dataSource;
    final JdbcClient jdbc;
    final JpaTransactionManager manager;
    final TransactionTemplate transaction;
    final EntityManager entities;
    final Outbox outbox;
    final PublishedStates published;

    States(OutboxDatabase database) {
        this.database = database;
        this.dataSource = database.dataSource();
        this.jdbc = JdbcClient.create(dataSource);
        unit.setDataSource(dataSource);
        unit.setPersistenceUnitName("states");
        unit.setManagedTypes(PersistenceManagedTypes.of(
                Customer.class.getName(), Company.class.getName(), Address.class.getName(), Stock.class.getName()));
        unit.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        unit.setJpaPropertyMap(Map.of(
                "hibernate.hbm2ddl.auto",
                "create",
                "hibernate.physical_naming_strategy",
                "org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl"));
        unit.afterPropertiesSet();
        var factory = Objects.requireNonNull(unit.getObject());
        manager = new JpaTransactionManager(factory);
        manager.setJpaDialect(new HibernateJpaDialect());
        manager.afterPropertiesSet();
        transaction = new TransactionTemplate(manager);
        entities = SharedEntityManagerCreator.createSharedEntityManager(factory);
        outbox = Outbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .build();
        published = PublishedStates.builder()
                .outbox(outbox)
                .transactionManager(manager)
                .entities(Customer.class, Stock.class)
                .mapper(
                        Stock.class,
                        Stock.Level.class,
                        stock -> new Stock.Level(stock.sku, stock.onHand, stock.reserved))
                .build();
    }

    void inTransaction(Consumer<EntityManager> work) {
        transaction.executeWithoutResult(status -> work.accept(entities));
    }

    /** On a connection of its own, as another service instance. */
    void jdbc(Consumer<JdbcClient> work) {
        Thread other = new Thread(() -> work.accept(jdbc));
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything that was published, as it stands in the log: topic, key and payload; a tombstone is "gone". */
    List<String> log() {
        return jdbc.sql("SELECT aggregatetype, aggregateid, payload FROM outbox_event ORDER BY position")
                .query((row, n) -> row.getString(1) + " " + row.getString(2) + " " + orGone(row.getBytes(3)))
                .list();
    }

    private static String orGone(byte @Nullable [] payload) {
        return payload == null ? "gone" : new String(payload, UTF_8);
    }

    /** The log from here on. */
    void forgetLog() {
        jdbc.sql("TRUNCATE TABLE outbox_event").update();
    }

    @Override
    public void close() {
        unit.destroy();
        database.close();
    }
}
