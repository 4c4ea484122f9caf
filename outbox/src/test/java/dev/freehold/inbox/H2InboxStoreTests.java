package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class H2InboxStoreTests extends QueueInboxStoreContract {

    H2InboxStoreTests() {
        super(OutboxDatabase.h2(8));
    }
}
