package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class MariaDbInboxTests extends InboxContract {

    MariaDbInboxTests() {
        super(OutboxDatabase.mariaDb(8));
    }
}
