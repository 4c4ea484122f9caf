package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class H2ReadYourWritesTests extends ReadYourWritesContract {

    H2ReadYourWritesTests() {
        super(OutboxDatabase.h2(20), 6_000);
    }
}
