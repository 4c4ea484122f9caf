package dev.freehold.outbox;

class H2ParkedEventsTests extends ParkedEventsContract {

    H2ParkedEventsTests() {
        super(OutboxDatabase.h2(6));
    }
}
