package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class PostgresInboxConsumerTests extends InboxConsumerContract {

    PostgresInboxConsumerTests() {
        super(OutboxDatabase.postgres(4));
    }
}
