package dev.freehold.outbox.wiring;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.PostPersist;
import jakarta.persistence.PostUpdate;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import org.jspecify.annotations.Nullable;

/** An order that Hibernate writes; it may tell when it is written. */
@Entity
@Table(name = "orders")
class PlacedOrder {

    @Id
    private String id = "";

    private long amount;

    @Transient
    private @Nullable Runnable whenWritten;

    protected PlacedOrder() {}

    PlacedOrder(String id) {
        this.id = id;
    }

    void change(long newAmount) {
        this.amount = newAmount;
    }

    void whenWritten(Runnable action) {
        this.whenWritten = action;
    }

    @PostPersist
    @PostUpdate
    void written() {
        if (whenWritten != null) {
            whenWritten.run();
        }
    }
}
