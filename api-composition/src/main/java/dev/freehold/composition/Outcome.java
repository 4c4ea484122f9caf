package dev.freehold.composition;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of asking some keys, shared by them. */
final class Outcome {

    private @Nullable Instant asOf;
    private @Nullable Failure failure;

    static Outcome failed(Failure failure) {
        Outcome outcome = new Outcome();
        outcome.fail(failure);
        return outcome;
    }

    /** Ends it with an answer. */
    void answered(Instant askedAt) {
        asOf = askedAt;
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
