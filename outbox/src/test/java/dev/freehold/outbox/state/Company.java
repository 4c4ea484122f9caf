package dev.freehold.outbox.state;

import jakarta.persistence.Entity;

@Entity
class Company extends Customer {

    protected Company() {}

    Company(long id, String name) {
        super(id, name);
    }
}
