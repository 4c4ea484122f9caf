package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class MariaDbInboxStoreTests extends QueueInboxStoreContract {

    MariaDbInboxStoreTests() {
        super(OutboxDatabase.mariaDb(8));
    }
}
