package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class H2ConsistentReadsTests extends DatabaseConsistentReadsContract {

    H2ConsistentReadsTests() {
        super(OutboxDatabase.h2(8));
    }
}
