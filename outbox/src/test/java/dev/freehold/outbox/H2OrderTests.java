package dev.freehold.outbox;

class H2OrderTests extends QueueOrderContract {

    H2OrderTests() {
        super(OutboxDatabase.h2(40));
    }
}
