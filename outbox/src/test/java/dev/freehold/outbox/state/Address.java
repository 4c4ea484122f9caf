package dev.freehold.outbox.state;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "address")
class Address {

    @Id
    long id;

    @ManyToOne(fetch = FetchType.LAZY)
    @Nullable
    Customer customer;

    String city = "";

    protected Address() {}

    Address(long id, Customer customer, String city) {
        this.id = id;
        this.customer = customer;
        this.city = city;
    }
}
