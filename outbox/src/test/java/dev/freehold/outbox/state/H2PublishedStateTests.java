package dev.freehold.outbox.state;

import dev.freehold.outbox.OutboxDatabase;

class H2PublishedStateTests extends PublishedStateContract {

    H2PublishedStateTests() {
        super(OutboxDatabase.h2(16));
    }

    @Override
    boolean passesByLockedRows() {
        return false;
    }
}
