package dev.freehold.outbox.wiring;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.hibernate.jpa.HibernatePersistenceProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.JpaVendorAdapter;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/** A service that places its orders through Hibernate. */
record JpaService(LocalContainerEntityManagerFactoryBean unit, Service service, EntityManager entityManager)
        implements AutoCloseable {

    static JpaService on(DataSource dataSource) {
        LocalContainerEntityManagerFactoryBean unit = unit(dataSource);
        JpaTransactionManager manager = manager(unit);
        return new JpaService(
                unit,
                Service.on(dataSource, manager),
                SharedEntityManagerCreator.createSharedEntityManager(factory(unit)));
    }

    static LocalContainerEntityManagerFactoryBean unit(DataSource dataSource) {
        return unit(dataSource, new HibernateJpaVendorAdapter());
    }

    static LocalContainerEntityManagerFactoryBean unit(DataSource dataSource, @Nullable JpaVendorAdapter adapter) {
        LocalContainerEntityManagerFactoryBean unit = new LocalContainerEntityManagerFactoryBean();
        unit.setDataSource(dataSource);
        unit.setPersistenceUnitName("orders");
        unit.setManagedTypes(PersistenceManagedTypes.of(PlacedOrder.class.getName()));
        if (adapter == null) {
            unit.setPersistenceProviderClass(HibernatePersistenceProvider.class);
        } else {
            unit.setJpaVendorAdapter(adapter);
        }
        unit.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "none"));
        unit.afterPropertiesSet();
        return unit;
    }

    static JpaTransactionManager manager(LocalContainerEntityManagerFactoryBean unit) {
        return new JpaTransactionManager(factory(unit));
    }

    private static EntityManagerFactory factory(LocalContainerEntityManagerFactoryBean unit) {
        return Objects.requireNonNull(unit.getObject());
    }

    /** Only scheduled: Hibernate inserts the row at its flush. */
    PlacedOrder place(String id) {
        PlacedOrder order = new PlacedOrder(id);
        entityManager.persist(order);
        return order;
    }

    void placeAndPublish(String id) {
        place(id);
        service.publish(id);
    }

    @Override
    public void close() {
        unit.destroy();
    }
}
