package dev.freehold.benchmark;

import java.sql.SQLException;

/** The inbox that a good engineer writes in an afternoon: an INSERT for each message, all of a poll in one transaction. */
public final class InboxByBatch implements Contestant {

    @Override
    public void prepare(Surroundings surroundings) throws SQLException {
        InboxByMessage.createTable(surroundings);
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return HandWrittenConsumer.start(surroundings, HandWrittenConsumer.Deduplication.BY_BATCH);
    }
}
