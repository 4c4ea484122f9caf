package dev.freehold.outbox.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.outbox.OutboxDatabase;
import org.junit.jupiter.api.Test;

class MariaDbPublishedStateTests extends PublishedStateContract {

    MariaDbPublishedStateTests() {
        super(OutboxDatabase.mariaDbReadCommitted(16));
    }

    /** It would read again what the row was before it got the lock. */
    @Test
    void refusesToReadAStateAgainInRepeatableRead() {
        try (States states = new States(OutboxDatabase.mariaDb(16))) {
            states.inTransaction(entities -> {
                Customer customer = new Customer(1, "Ann");
                customer.tags.add("new");
                entities.persist(customer);
            });
            assertThatThrownBy(() -> states.inTransaction(
                            entities -> entities.find(Customer.class, 1L).tags.add("more")))
                    .hasStackTraceContaining("READ_COMMITTED");
        }
    }
}
