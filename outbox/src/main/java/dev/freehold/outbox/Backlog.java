package dev.freehold.outbox;

import java.time.Duration;

/**
 * What waits in an outbox.
 *
 * @param events events that are not published and not parked, counted up to {@value #MOST}
 * @param oldest age of the oldest of them by the database's clock, zero if there is none
 * @param parkedKeys keys that are parked
 * @param parkedEvents events that wait behind parked keys
 * @param deadLetters events that were put aside
 */
public record Backlog(long events, Duration oldest, long parkedKeys, long parkedEvents, long deadLetters) {

    /** How far events are counted. */
    public static final int MOST = 10_000;

    /** This, with what another shard has in the log; what is parked is told with each of them. */
    Backlog with(Backlog other) {
        Duration older = oldest.compareTo(other.oldest) > 0 ? oldest : other.oldest;
        return new Backlog(
                Math.min(events + other.events, MOST), older, other.parkedKeys, other.parkedEvents, other.deadLetters);
    }
}
