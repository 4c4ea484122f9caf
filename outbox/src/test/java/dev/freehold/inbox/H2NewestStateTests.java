package dev.freehold.inbox;

import dev.freehold.outbox.OutboxDatabase;

class H2NewestStateTests extends NewestStateContract {

    H2NewestStateTests() {
        super(OutboxDatabase.h2(2));
    }
}
