package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** There is a transaction, but not one that could store the event together with its cause. */
class OtherTransactionTests {

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;
    private static DataSource other;
    private static TransactionTemplate otherTransaction;

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
        other = database.otherDataSource();
        otherTransaction = new TransactionTemplate(new DataSourceTransactionManager(other));
    }

    @Test
    void refusesATransactionOfAnotherDataSource() {
        Refusal.of(
                () -> otherTransaction.executeWithoutResult(status -> {
                    Database.placeOrder(other, "1");
                    service.publish("1");
                }),
                "Name the transaction manager",
                "@Transactional(\"");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesATransactionOfAnotherDataSourceInsideAnOwnOne() {
        service.inTransaction(() -> {
            service.placeAndPublish("outer");
            Refusal.of(
                    () -> otherTransaction.executeWithoutResult(status -> {
                        Database.placeOrder(other, "inner");
                        service.publish("inner");
                    }),
                    "Name the transaction manager");
        });

        assertThat(database.orders()).containsExactly("outer");
        assertThat(database.events()).containsExactly("outer");
    }

    @Test
    void refusesANewTransactionOfAnotherDataSourceInsideAnOwnOne() {
        TransactionTemplate innerTransaction = new TransactionTemplate(new DataSourceTransactionManager(other));
        innerTransaction.setPropagationBehavior(PROPAGATION_REQUIRES_NEW);

        assertThatThrownBy(() -> service.inTransaction(() -> {
                    service.placeAndPublish("outer");
                    innerTransaction.executeWithoutResult(status -> {
                        Database.placeOrder(other, "inner");
                        service.publish("inner");
                    });
                }))
                .hasMessageContaining("Name the transaction manager");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void storesInAnOwnTransactionInsideOneOfAnotherDataSource() {
        otherTransaction.executeWithoutResult(outer -> {
            Database.placeOrder(other, "outer");
            for (String id : List.of("a", "b")) {
                service.inTransaction(() -> service.placeAndPublish(id));
            }
            Refusal.of(() -> service.publish("outer"), "Name the transaction manager");
        });

        assertThat(database.orders()).containsExactly("a", "b", "outer");
        assertThat(database.events()).containsExactly("a", "b");
    }

    @Test
    void refusesAfterAnOwnTransactionInsideOneOfAnotherDataSourceRolledBack() {
        otherTransaction.executeWithoutResult(outer -> {
            service.transaction().executeWithoutResult(inner -> {
                service.placeAndPublish("inner");
                inner.setRollbackOnly();
            });
            Refusal.of(() -> service.publish("outer"), "Name the transaction manager");
        });

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAManagerThatTheOutboxWasNotGiven() {
        TransactionTemplate stranger = new TransactionTemplate(new DataSourceTransactionManager(service.dataSource()));

        Refusal.of(
                () -> stranger.executeWithoutResult(status -> service.placeAndPublish("1")),
                "give",
                "Outbox.builder().transactionManager(");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAnOwnMethodInATransactionBegunByAManagerThatTheOutboxWasNotGiven() {
        TransactionTemplate stranger = new TransactionTemplate(new DataSourceTransactionManager(service.dataSource()));

        for (TransactionTemplate inner : List.of(service.transaction(), service.transaction(PROPAGATION_NESTED))) {
            Refusal.of(
                    () -> stranger.executeWithoutResult(
                            outer -> inner.executeWithoutResult(status -> service.placeAndPublish("1"))),
                    "Outbox.builder().transactionManager(");
        }

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void storesWhenAManagerThatTheOutboxWasNotGivenTakesPartInAnOwnTransaction() {
        TransactionTemplate stranger = new TransactionTemplate(new DataSourceTransactionManager(service.dataSource()));

        service.inTransaction(() -> stranger.executeWithoutResult(status -> service.placeAndPublish("1")));

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).containsExactly("1");
    }
}
