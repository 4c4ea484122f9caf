package dev.freehold.composition.sources.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

@Entity
@Table(name = "orders")
class Order {

    @Id
    private long number;

    private UUID customerId = new UUID(0, 0);

    protected Order() {}

    Order(long number, UUID customerId) {
        this.number = number;
        this.customerId = customerId;
    }

    public long getNumber() {
        return number;
    }

    public UUID getCustomerId() {
        return customerId;
    }
}
