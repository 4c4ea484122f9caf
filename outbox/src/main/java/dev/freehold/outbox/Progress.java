package dev.freehold.outbox;

import java.util.Optional;

/** How far a shard is published, in the form of its store. */
interface Progress {

    /** Counts the steps; of two, the one with the higher number is the later one. */
    long number();

    /** The same, with another number. */
    Progress numbered(long first);

    /** Whether it is where the last phase of a change of shards ends. */
    boolean hasReached(String until);

    /** As a transport keeps it, with the history of the database that it belongs to. */
    OutboxTransport.Mark mark(String history);

    /** The progress that a mark tells, in the form of this one; empty if the mark belongs to another history. */
    Optional<Progress> at(OutboxTransport.Mark mark, String history);
}
