package dev.freehold.outbox;

/** What makes the order of one key's events the order of their commits. */
public enum KeyOrder {
    /**
     * The transactions that publish events of one key change a common row (the aggregate's), so the database's own row
     * lock orders them. Costs nothing, and is right whenever the event tells of a change to its aggregate.
     */
    ROW_LOCK,

    /**
     * No common row is changed (insert-only tables, changes of children only): a PostgreSQL advisory lock on topic and
     * key, taken before the events are stored and held until the transaction ends, orders them. Costs one round trip a
     * transaction; two keys whose 64-bit hashes collide wait for each other without need.
     */
    LOCK_KEY
}
