package dev.freehold.outbox;

import java.util.Optional;

/**
 * The right to publish a shard.
 *
 * @param owner the relay that holds it
 * @param shard the shard
 * @param epoch grows with every change of hands; every write of the progress compares it
 * @param history what transaction ids and positions belong to: the log's table, in one time line of one cluster, from one crash
 *     of the server to the next; after a restore, a fail-over or a new beginning it is another
 * @param noted where the owner before noted that it got to
 * @param stage where the shard is on the way to another number of shards
 * @param takenAt {@link System#nanoTime} before it was asked for, so it lasts from then on
 */
record Lease(String owner, Shard shard, long epoch, String history, Progress noted, Stage stage, long takenAt) {

    static final int NUMBERS_OF_AN_EPOCH = 32;

    /**
     * Where to go on: from the transport's mark, if that is later than the note, because the owner before died between
     * publishing and noting.
     */
    Progress start(Optional<OutboxTransport.Mark> mark) {
        return mark.filter(kept -> kept.number() > noted.number())
                .flatMap(kept -> noted.at(kept, history))
                .orElse(noted)
                .numbered(firstNumber());
    }

    /** The last part of the history: what a crash of the server changes. */
    String incarnation() {
        return history.substring(history.lastIndexOf('/') + 1);
    }

    /** Higher than any number that an owner before gave. */
    long firstNumber() {
        return epoch << NUMBERS_OF_AN_EPOCH;
    }
}
