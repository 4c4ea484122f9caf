package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class MariaDbNewestStateTests extends NewestStateContract {

    MariaDbNewestStateTests() {
        super(OutboxDatabase.mariaDb(2));
    }
}
