package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.FlushModeType;
import java.sql.SQLException;
import org.hibernate.FlushMode;
import org.hibernate.Session;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/** Events stand beside what Hibernate writes, however late it writes it. */
class AcceptedJpaTests {

    @RegisterExtension
    static final Database database = new Database();

    private static JpaService jpa;

    @BeforeAll
    static void start() {
        jpa = JpaService.on(database.dataSource());
    }

    @AfterAll
    static void stop() {
        jpa.close();
    }

    @Test
    void storesEntityAndEvent() {
        jpa.service().inTransaction(() -> jpa.placeAndPublish("1"));

        assertStored("1");
    }

    @Test
    void storesNeitherWhenTheTransactionRollsBack() {
        jpa.service().transaction().executeWithoutResult(status -> {
            jpa.placeAndPublish("1");
            jpa.entityManager().flush();
            status.setRollbackOnly();
        });

        assertStored();
    }

    @Test
    void storesNeitherWhenTheLateFlushFails() {
        jpa.service().inTransaction(() -> jpa.place("1"));

        assertThatThrownBy(() -> jpa.service().inTransaction(() -> jpa.placeAndPublish("1")))
                .hasRootCauseInstanceOf(SQLException.class);

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void storesWhatAnEntityPublishesWhenItIsFlushed() {
        jpa.service().inTransaction(() -> {
            jpa.service().publish("before");
            jpa.place("1").whenWritten(() -> jpa.service().publish("1"));
        });

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).containsExactly("before", "1");
    }

    @Test
    void storesWhatAnEntityPublishesThoughNothingWasPublishedBefore() {
        jpa.service()
                .inTransaction(
                        () -> jpa.place("1").whenWritten(() -> jpa.service().publish("1")));

        assertStored("1");
    }

    @Test
    void storesWhatAnEntityPublishesWhenItsChangeIsFlushed() {
        jpa.service().inTransaction(() -> jpa.place("1"));

        jpa.service().inTransaction(() -> {
            PlacedOrder order = jpa.entityManager().find(PlacedOrder.class, "1");
            order.whenWritten(() -> jpa.service().publish("changed"));
            order.change(5);
            jpa.service().publish("before");
        });

        assertThat(database.events()).containsExactly("before", "changed");
    }

    @Test
    void storesWithFlushModeCommit() {
        jpa.service().inTransaction(() -> {
            jpa.entityManager().setFlushMode(FlushModeType.COMMIT);
            jpa.placeAndPublish("1");
        });

        assertStored("1");
    }

    /** Hibernate then writes nothing that the program has not flushed, and the outbox does not make it. */
    @Test
    void storesEventsWithoutFlushingInFlushModeManual() {
        jpa.service().inTransaction(() -> {
            jpa.entityManager().unwrap(Session.class).setHibernateFlushMode(FlushMode.MANUAL);
            jpa.placeAndPublish("flushed");
            jpa.entityManager().flush();
            jpa.placeAndPublish("not flushed");
        });

        assertThat(database.orders()).containsExactly("flushed");
        assertThat(database.events()).containsExactly("flushed", "not flushed");
    }

    @Test
    void storesWithANewTransactionWhateverBecomesOfTheOuterOne() {
        jpa.service().transaction().executeWithoutResult(outer -> {
            jpa.placeAndPublish("outer");
            jpa.service()
                    .transaction(PROPAGATION_REQUIRES_NEW)
                    .executeWithoutResult(inner -> jpa.placeAndPublish("inner"));
            outer.setRollbackOnly();
        });

        assertStored("inner");
    }

    @Test
    void storesInOneTransactionOfJpaAndJdbc() {
        jpa.service().inTransaction(() -> {
            jpa.placeAndPublish("jpa");
            jpa.service().placeAndPublish("jdbc");
        });

        assertStored("jpa", "jdbc");
    }

    @Test
    void storesOnALazyConnection() {
        try (JpaService lazy = JpaService.on(new LazyConnectionDataSourceProxy(database.dataSource()))) {
            lazy.service().inTransaction(() -> lazy.placeAndPublish("1"));
        }

        assertStored("1");
    }

    @Test
    void storesWithAPoolThatDoesNotCommitByItself() {
        HikariDataSource pool = database.otherDataSource();
        pool.setAutoCommit(false);
        try (JpaService service = JpaService.on(pool)) {
            service.service().inTransaction(() -> service.placeAndPublish("1"));
        }

        assertStored("1");
    }

    private static void assertStored(String... ids) {
        assertThat(database.events()).containsExactly(ids);
        assertThat(database.orders()).containsExactlyInAnyOrder(ids);
    }
}
