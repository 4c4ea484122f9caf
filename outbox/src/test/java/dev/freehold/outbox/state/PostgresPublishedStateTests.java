package dev.freehold.outbox.state;

import dev.freehold.outbox.OutboxDatabase;

class PostgresPublishedStateTests extends PublishedStateContract {

    PostgresPublishedStateTests() {
        super(OutboxDatabase.postgres(16));
    }
}
