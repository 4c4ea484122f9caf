package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.support.TransactionTemplate;

/** Mistakes that only services with JPA can make. */
class JpaMistakeTests {

    @RegisterExtension
    static final Database database = new Database();

    private static JpaService jpa;
    private static JpaService other;

    @BeforeAll
    static void start() {
        jpa = JpaService.on(database.dataSource());
        other = JpaService.on(database.otherDataSource());
    }

    @AfterAll
    static void stop() {
        jpa.close();
        other.close();
    }

    @Test
    void refusesToPublishWithoutTransaction() {
        Refusal.of(() -> jpa.service().publish("1"), "@Transactional");

        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAReadOnlyTransaction() {
        TransactionTemplate readOnly = jpa.service().transaction();
        readOnly.setReadOnly(true);

        Refusal.of(() -> readOnly.executeWithoutResult(status -> jpa.placeAndPublish("1")), "readOnly = true");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesATransactionOfAnotherEntityManagerFactory() {
        Refusal.of(
                () -> other.service().inTransaction(() -> {
                    other.place("1");
                    jpa.service().publish("1");
                }),
                "Name the transaction manager",
                "@Transactional(\"");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAManagerOfAnotherDataSource() {
        JpaTransactionManager manager = JpaService.manager(other.unit());
        Refusal.of(() -> Service.on(database.dataSource(), manager), "same DataSource bean");
    }

    @Test
    void refusesAManagerThatDoesNotKnowItsDataSource() {
        JpaTransactionManager manager = new JpaTransactionManager();
        Refusal.of(() -> Service.on(database.dataSource(), manager), "with its DataSource set");
    }

    @Test
    void refusesAManagerThatKeepsItsConnectionToItself() {
        LocalContainerEntityManagerFactoryBean unit = JpaService.unit(database.dataSource(), null);
        JpaTransactionManager manager = JpaService.manager(unit);
        Refusal.of(
                () -> Service.on(database.dataSource(), manager), "HibernateJpaVendorAdapter", "HibernateJpaDialect");
        unit.destroy();
    }

    /** Hibernate inserts such an entity with the commit, after the events are stored. */
    @Test
    void rollsBackWhenAnEntityPublishesThatAnEntityListenerPlacedDuringTheFlush() {
        assertThatThrownBy(() -> jpa.service().inTransaction(() -> {
                    PlacedOrder first = jpa.place("1");
                    jpa.entityManager().flush();
                    first.whenWritten(
                            () -> jpa.place("2").whenWritten(() -> jpa.service().publish("2")));
                    first.change(5);
                    jpa.service().publish("1");
                }))
                .hasStackTraceContaining("Publish before it commits");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesATransactionOfTheEntityManagerItself() {
        EntityManagerFactory factory = Objects.requireNonNull(jpa.unit().getObject());
        try (EntityManager own = factory.createEntityManager()) {
            own.getTransaction().begin();
            own.persist(new PlacedOrder("1"));
            Refusal.of(() -> jpa.service().publish("1"), "inside @Transactional");
            own.getTransaction().commit();
        }

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAnotherEntityManagerFactoryOnTheSameDataSource() {
        JpaTransactionManager stranger = JpaService.manager(JpaService.unit(database.dataSource()));
        EntityManager strangers = SharedEntityManagerCreator.createSharedEntityManager(
                Objects.requireNonNull(stranger.getEntityManagerFactory()));

        Refusal.of(
                () -> new TransactionTemplate(stranger).executeWithoutResult(status -> {
                    strangers.persist(new PlacedOrder("1"));
                    jpa.service().publish("1");
                }),
                "Outbox.builder().transactionManager(");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    /** Spring does not let it take part in the transaction of the other: it would commit on its own. */
    @Test
    void refusesAJdbcManagerInsideATransactionOfJpa() {
        TransactionTemplate jdbc = new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));

        Refusal.of(
                () -> jpa.service().inTransaction(() -> {
                    jpa.placeAndPublish("jpa");
                    jdbc.executeWithoutResult(status -> jpa.service().placeAndPublish("jdbc"));
                }),
                "Name the transaction manager");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }
}
