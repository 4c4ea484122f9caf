package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class PostgresNewestStateTests extends NewestStateContract {

    PostgresNewestStateTests() {
        super(OutboxDatabase.postgres(2));
    }
}
