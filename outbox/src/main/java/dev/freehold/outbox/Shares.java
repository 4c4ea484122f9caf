package dev.freehold.outbox;

import java.time.Duration;
import java.util.List;

/**
 * How the shards of an outbox are shared out among relays.
 *
 * @param seats one for each shard, in their order
 * @param wanted how many shards there are to be
 * @param relays how many relays share them, with the one that asks
 * @param rank how many of them come before the one that asks, in an order that all of them know
 */
record Shares(List<Seat> seats, int wanted, int relays, int rank) {

    /** How many shards the one who asks may hold. If they cannot all have as many, the first ones have one more. */
    int fairShare() {
        return seats.size() / relays + (rank < seats.size() % relays ? 1 : 0);
    }

    boolean isChanging() {
        return seats.size() != wanted
                || seats.stream().anyMatch(seat -> !seat.stage().isOpen());
    }

    /**
     * A shard, as the one who asks sees it.
     *
     * @param shard number of the shard
     * @param stage where it is on the way to another number of shards
     * @param own whether the one who asks has its lease
     * @param left how long the lease lasts that somebody has, not positive if nobody has it
     * @param longFree whether that has been so for the time of a lease: then it is anybody's, whose share it would be or not
     */
    record Seat(int shard, Stage stage, boolean own, Duration left, boolean longFree) {

        boolean isFree() {
            return left.isNegative() || left.isZero();
        }
    }
}
