package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class H2InboxTests extends InboxContract {

    H2InboxTests() {
        super(OutboxDatabase.h2(8));
    }
}
