package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class H2InboxConsumerTests extends InboxConsumerContract {

    H2InboxConsumerTests() {
        super(OutboxDatabase.h2(4));
    }
}
