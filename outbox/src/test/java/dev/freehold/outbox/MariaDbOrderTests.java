package dev.freehold.outbox;

class MariaDbOrderTests extends QueueOrderContract {

    MariaDbOrderTests() {
        super(OutboxDatabase.mariaDb(40));
    }
}
