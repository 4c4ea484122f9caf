package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class MariaDbInboxConsumerTests extends InboxConsumerContract {

    MariaDbInboxConsumerTests() {
        super(OutboxDatabase.mariaDb(4));
    }
}
