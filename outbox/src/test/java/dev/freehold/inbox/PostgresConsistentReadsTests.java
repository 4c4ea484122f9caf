package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class PostgresConsistentReadsTests extends DatabaseConsistentReadsContract {

    PostgresConsistentReadsTests() {
        super(OutboxDatabase.postgres(8));
    }
}
