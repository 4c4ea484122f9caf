package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class PostgresInboxTests extends InboxContract {

    PostgresInboxTests() {
        super(OutboxDatabase.postgres(8));
    }
}
