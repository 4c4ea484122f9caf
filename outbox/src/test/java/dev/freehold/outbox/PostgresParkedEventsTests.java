package dev.freehold.outbox;

class PostgresParkedEventsTests extends ParkedEventsContract {

    PostgresParkedEventsTests() {
        super(OutboxDatabase.postgres(6));
    }
}
