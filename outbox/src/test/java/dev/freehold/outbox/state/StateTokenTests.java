package dev.freehold.outbox.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.OutboxDatabase;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** States of entities are events as any other: the token of what was written has them. */
class StateTokenTests {

    private final States states = new States(OutboxDatabase.h2(4));

    @AfterEach
    void close() {
        states.close();
    }

    @Test
    void hasTheLastStateOfAnEntityThatIsCommitted() {
        ConsistencyToken token;
        try (CommittedEvents events = CommittedEvents.record()) {
            states.inTransaction(entities -> entities.persist(new Customer(1, "Ann")));
            states.inTransaction(entities -> entities.find(Customer.class, 1L).name = "Anna");
            states.transaction.executeWithoutResult(status -> {
                states.entities.persist(new Customer(2, "Bob"));
                states.entities.flush();
                status.setRollbackOnly();
            });
            token = events.token();
        }
        assertThat(token.events("customers", "customers.customer")).containsExactly(lastStored());
    }

    private UUID lastStored() {
        return UUID.fromString(states.jdbc
                .sql("SELECT id FROM outbox_event ORDER BY position DESC LIMIT 1")
                .query(String.class)
                .single());
    }
}
