package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class MariaDbReadYourWritesTests extends ReadYourWritesContract {

    MariaDbReadYourWritesTests() {
        super(OutboxDatabase.mariaDbReadCommitted(20), 6_000);
    }
}
