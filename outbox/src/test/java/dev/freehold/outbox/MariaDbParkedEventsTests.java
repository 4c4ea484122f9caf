package dev.freehold.outbox;

class MariaDbParkedEventsTests extends ParkedEventsContract {

    MariaDbParkedEventsTests() {
        super(OutboxDatabase.mariaDb(6));
    }
}
