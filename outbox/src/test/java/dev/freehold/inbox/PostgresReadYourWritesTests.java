package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class PostgresReadYourWritesTests extends ReadYourWritesContract {

    PostgresReadYourWritesTests() {
        super(OutboxDatabase.postgres(20), 20_000);
    }
}
