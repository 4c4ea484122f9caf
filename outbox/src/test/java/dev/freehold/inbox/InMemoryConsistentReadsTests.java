package dev.freehold.inbox;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

class InMemoryConsistentReadsTests extends ConsistentReadsContract {

    @Override
    Inbox newInbox() {
        return Inbox.inMemory(JsonMapper.shared(), List.of());
    }
}
