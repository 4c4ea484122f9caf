package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NEVER;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NOT_SUPPORTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_SUPPORTS;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

class WithoutTransactionTests {

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
    }

    @Test
    void refusesToPublishWithoutTransaction() {
        service.place("auto-committed");

        Refusal.of(() -> service.publish("auto-committed"), "@Transactional", "TransactionTemplate");

        assertThat(database.orders()).containsExactly("auto-committed");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesSupportsWithoutATransaction() {
        Refusal.of(
                () -> service.transaction(PROPAGATION_SUPPORTS).executeWithoutResult(status -> {
                    service.place("auto-committed");
                    service.publish("auto-committed");
                }),
                "@Transactional");

        assertThat(database.orders()).containsExactly("auto-committed");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesNotSupportedInsideATransaction() {
        service.inTransaction(() -> {
            service.place("1");
            Refusal.of(
                    () -> service.transaction(PROPAGATION_NOT_SUPPORTED)
                            .executeWithoutResult(status -> service.publish("1")),
                    "inside @Transactional");
        });

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesNever() {
        Refusal.of(
                () -> service.transaction(PROPAGATION_NEVER).executeWithoutResult(status -> service.publish("1")),
                "inside @Transactional");
        assertThatThrownBy(() -> service.inTransaction(() -> {
                    service.placeAndPublish("2");
                    service.transaction(PROPAGATION_NEVER).executeWithoutResult(status -> service.publish("2"));
                }))
                .isInstanceOf(IllegalTransactionStateException.class);

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAReadOnlyTransaction() {
        TransactionTemplate readOnly = service.transaction();
        readOnly.setReadOnly(true);

        Refusal.of(() -> readOnly.executeWithoutResult(status -> service.publish("1")), "readOnly = true");

        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAWritingMethodInsideAReadOnlyTransaction() {
        TransactionTemplate readOnly = service.transaction();
        readOnly.setReadOnly(true);

        Refusal.of(
                () -> readOnly.executeWithoutResult(outer -> service.inTransaction(() -> service.publish("1"))),
                "readOnly = true",
                "began the transaction");

        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesATransactionThatSpringDoesNotKnow() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Database.placeOrder(new SingleConnectionDataSource(connection, true), "1");
            Refusal.of(() -> service.publish("1"), "@Transactional");
            connection.commit();
        }

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesACallOfAnAnnotatedMethodOfTheSameObject() {
        try (AnnotationConfigApplicationContext context = service.context(Orders.class, Annotations.class)) {
            Orders orders = context.getBean(Orders.class);
            Refusal.of(() -> orders.placeByOwnMethod("self"), "annotated method of the same object");
            orders.place("proxy");
        }

        assertThat(database.orders()).containsExactly("proxy", "self"); // its insert had no transaction either
        assertThat(database.events()).containsExactly("proxy");
    }

    @EnableTransactionManagement
    static class Annotations {}

    static class Orders {
        private final Service service;

        Orders(Service service) {
            this.service = service;
        }

        void placeByOwnMethod(String id) {
            place(id);
        }

        @Transactional
        public void place(String id) {
            service.placeAndPublish(id);
        }
    }
}
