package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class MariaDbConsistentReadsTests extends DatabaseConsistentReadsContract {

    MariaDbConsistentReadsTests() {
        super(OutboxDatabase.mariaDb(8));
    }
}
