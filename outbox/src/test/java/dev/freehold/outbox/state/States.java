package dev.freehold.outbox.state;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.PublishedStates;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

/** A service that publishes the states of its customers and stock, on a database of its own. */
final class States implements AutoCloseable {

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final LocalContainerEntityManagerFactoryBean unit = new LocalContainerEntityManagerFactoryBean();
    final HikariDataSource dataSource = database.dataSource(16);
    final JdbcClient jdbc = JdbcClient.create(dataSource);
    final JpaTransactionManager manager;
    final TransactionTemplate transaction;
    final EntityManager entities;
    final Outbox outbox;
    final PublishedStates published;

    States() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
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
        return jdbc.sql(
                        "SELECT aggregatetype, aggregateid, convert_from(payload, 'UTF8') FROM outbox_event ORDER BY position")
                .query((row, n) -> row.getString(1) + " " + row.getString(2) + " " + orGone(row.getString(3)))
                .list();
    }

    private static String orGone(@Nullable String payload) {
        return payload == null ? "gone" : payload;
    }

    /** The log from here on. */
    void forgetLog() {
        jdbc.sql("TRUNCATE outbox_event").update();
    }

    @Override
    public void close() {
        unit.destroy();
        dataSource.close();
        database.drop();
    }
}
