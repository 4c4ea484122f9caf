package dev.freehold.composition.sources.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
class Customer {

    @Id
    private UUID id = new UUID(0, 0);

    private String name = "";

    private @Nullable String phone;

    protected Customer() {}

    Customer(UUID id, String name) {
        this.id = id;
        this.name = name;
    }

    public UUID getId() {
        return id;
    }

    public String getName() {
        return name;
    }

    public @Nullable String getPhone() {
        return phone;
    }
}
