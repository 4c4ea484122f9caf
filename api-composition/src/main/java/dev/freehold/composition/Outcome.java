package dev.freehold.composition;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of asking some keys, shared by them. */
final class Outcome {

    private @Nullable Instant asOf;
    private @Nullable Failure failure;
    private boolean stale;
    private long began;
    private long ended;

    static Outcome failed(Failure failure) {
        Outcome outcome = new Outcome();
        outcome.fail(failure);
        return outcome;
    }

    /** What was answered before. */
    static Outcome recalled(Instant askedAt, boolean stale) {
        Outcome outcome = new Outcome();
        outcome.answered(askedAt, stale);
        return outcome;
    }

    /** Whether it is from before the source became unavailable, or from before what it should have seen. */
    boolean isStale() {
        return stale;
    }

    /** Ends it with an answer, which is from before what the source should have seen, perhaps. */
    void answered(Instant askedAt, boolean missed) {
        asOf = askedAt;
        stale = missed;
    }

    /** Notes when the call was handed over, for as long as nobody knows when the source was entered. */
    void sent(long at) {
        began = at;
    }

    /** Notes when the source was entered and left. */
    void took(long from, long to) {
        began = from;
        ended = to;
    }

    long began() {
        return began;
    }

    /** 0 if the source has not returned. */
    long ended() {
        return ended;
    }

    /** Ends it without one. */
    void fail(Failure why) {
        failure = why;
    }

    boolean isPending() {
        return asOf == null && failure == null;
    }

    @Nullable
    Failure failure() {
        return failure;
    }

    /** When the source was asked. */
    Instant asOf() {
        if (asOf == null) {
            throw new IllegalStateException("not answered");
        }
        return asOf;
    }
}
