package dev.freehold.outbox;

import java.sql.SQLException;
import java.time.Duration;

/** How the shards of an outbox are shared out, in one kind of database. Every method is a transaction of its own. */
interface ShardStore {

    /**
     * How they are shared out now.
     *
     * @param owner the relay that asks
     * @param first how many shards there are to be if there are none yet
     * @param lease how long a lease lasts
     */
    Shares look(String owner, int first, Duration lease) throws SQLException;

    /** Says how many shards there are to be. */
    void want(int shards) throws SQLException;

    /** Takes the next step to the number of shards that is wanted, if its time has come; whether it did. */
    boolean change() throws SQLException;

    /** Lets other relays know for that long that this one takes its share. */
    void attend(String owner, Duration duration) throws SQLException;

    /** Lets them know that it does not. */
    void leave(String owner) throws SQLException;
}
