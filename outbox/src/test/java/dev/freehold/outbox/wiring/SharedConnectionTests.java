package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import dev.freehold.outbox.Outbox;
import jakarta.persistence.EntityManager;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A JDBC manager begins a transaction on the connection of JPA's: each commits what is the other's. */
class SharedConnectionTests {

    @RegisterExtension
    static final Database database = new Database();

    private static LocalContainerEntityManagerFactoryBean unit;
    private static EntityManager entities;
    private static Service jpa;
    private static Service jdbc;

    @BeforeAll
    static void start() {
        unit = JpaService.unit(database.dataSource());
        JpaTransactionManager jpaManager = JpaService.manager(unit);
        PlatformTransactionManager jdbcManager = new DataSourceTransactionManager(database.dataSource());
        Outbox outbox = Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(jpaManager)
                .transactionManager(jdbcManager)
                .build();
        entities = SharedEntityManagerCreator.createSharedEntityManager(
                Objects.requireNonNull(jpaManager.getEntityManagerFactory()));
        jpa = new Service(database.dataSource(), jpaManager, outbox);
        jdbc = new Service(database.dataSource(), jdbcManager, outbox);
    }

    @AfterAll
    static void stop() {
        unit.destroy();
    }

    private static void refuses(Runnable work) {
        Refusal.of(() -> jpa.inTransaction(work), "Use one of them for both", "JPA");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    private static void placeEntity(String id) {
        entities.persist(new PlacedOrder(id));
    }

    @Test
    void refusesAnInnerTransactionThatPublishes() {
        refuses(() -> {
            placeEntity("outer");
            jdbc.inTransaction(() -> jdbc.placeAndPublish("inner"));
        });
    }

    @Test
    void refusesAnInnerTransactionAfterTheOuterOnePublished() {
        refuses(() -> {
            placeEntity("outer");
            jpa.publish("outer");
            jdbc.inTransaction(() -> jdbc.place("inner"));
        });
    }

    @Test
    void refusesToPublishInBothOfThem() {
        refuses(() -> {
            placeEntity("outer");
            jpa.publish("outer");
            jdbc.inTransaction(() -> jdbc.placeAndPublish("inner"));
        });
    }

    /** A caller that goes on after the refusal has not published. */
    @Test
    void refusesAtTheCallAndNotOnlyAtTheCommit() {
        assertThatNoException()
                .isThrownBy(() -> jpa.inTransaction(() -> {
                    placeEntity("outer");
                    jdbc.inTransaction(() -> {
                        jdbc.place("inner");
                        Refusal.of(() -> jdbc.publish("inner"), "Use one of them for both");
                    });
                }));

        assertThat(database.orders()).containsExactly("inner", "outer");
        assertThat(database.events()).isEmpty();
    }

    /** The inner one has then committed the rows of both; the outer one's event would have come too late. */
    @Test
    void refusesToPublishAfterAnInnerTransaction() {
        Refusal.of(
                () -> jpa.inTransaction(() -> {
                    jdbc.inTransaction(() -> jdbc.place("inner"));
                    placeEntity("outer");
                    jpa.publish("outer");
                }),
                "Use one of them for both");

        assertThat(database.orders()).containsExactly("inner");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void leavesThemAloneWhenNeitherPublishes() {
        assertThatNoException()
                .isThrownBy(() -> jpa.inTransaction(() -> {
                    placeEntity("outer");
                    jdbc.inTransaction(() -> jdbc.place("inner"));
                }));

        assertThat(database.orders()).containsExactly("inner", "outer");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void storesWithEitherOfThemAlone() {
        jdbc.inTransaction(() -> jdbc.placeAndPublish("jdbc"));
        jpa.inTransaction(() -> {
            placeEntity("jpa");
            jpa.publish("jpa");
        });

        assertThat(database.orders()).containsExactly("jdbc", "jpa");
        assertThat(database.events()).containsExactly("jdbc", "jpa");
    }

    /** The suspended one's claim on its connection does not touch the new one, which has another connection. */
    @Test
    void storesWithBothOnConnectionsOfTheirOwn() {
        TransactionTemplate inner = jdbc.transaction(PROPAGATION_REQUIRES_NEW);
        jdbc.inTransaction(() -> {
            jdbc.placeAndPublish("outer");
            inner.executeWithoutResult(status -> jdbc.placeAndPublish("inner"));
        });

        assertThat(database.orders()).containsExactly("inner", "outer");
        assertThat(database.events()).containsExactly("inner", "outer");
    }

    @Test
    void leavesNothingOnTheThread() {
        refuses(() -> {
            jpa.publish("outer");
            jdbc.inTransaction(() -> jdbc.publish("inner"));
        });

        jpa.inTransaction(() -> jpa.placeAndPublish("next"));
        assertThat(database.events()).containsExactly("next");
    }

    /** Spring refuses it, before there is a second transaction. */
    @Test
    void storesNothingWhenJpaBeginsInsideATransactionOfJdbc() {
        assertThatExceptionOfType(CannotCreateTransactionException.class)
                .isThrownBy(() -> jdbc.inTransaction(() -> {
                    jdbc.placeAndPublish("outer");
                    jpa.inTransaction(() -> jpa.publish("inner"));
                }));

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }
}
