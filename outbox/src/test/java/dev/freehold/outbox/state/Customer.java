package dev.freehold.outbox.state;

import dev.freehold.outbox.PublishedState;
import jakarta.persistence.CascadeType;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

@Entity
@Table(name = "customer")
@Inheritance
@PublishedState(type = "customers.customer", topic = "customers", as = CustomerState.class)
class Customer {

    @Id
    long id;

    @Version
    long version;

    String name = "";

    @ElementCollection
    @CollectionTable(name = "customer_tag")
    @Column(name = "tag")
    Set<String> tags = new TreeSet<>();

    @OneToMany(mappedBy = "customer", cascade = CascadeType.ALL, orphanRemoval = true)
    List<Address> addresses = new ArrayList<>();

    protected Customer() {}

    Customer(long id, String name) {
        this.id = id;
        this.name = name;
    }

    void movesTo(String city) {
        addresses.add(new Address(id * 1_000 + addresses.size(), this, city));
    }
}
