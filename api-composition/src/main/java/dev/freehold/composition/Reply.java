package dev.freehold.composition;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call.
 *
 * @param answer what the source returned; null if it returned null, or failed
 * @param failure why there is no answer; null if there is one
 * @param asOf when the source was asked
 * @param began when its method was entered, in nanoseconds of no particular origin
 * @param ended when it had returned
 * @param trial whether the source was only being tried out
 * @param missed whether it has not got as far as it should have
 * @param ofKeys what came of single keys, where that is not what came of the call: in replays
 */
record Reply(
        @Nullable Object answer,
        @Nullable Failure failure,
        Instant asOf,
        long began,
        long ended,
        boolean trial,
        boolean missed,
        Map<Object, Outcome> ofKeys) {

    Reply(@Nullable Object answer, @Nullable Failure failure, Instant asOf, long began, long ended) {
        this(answer, failure, asOf, began, ended, false, false);
    }

    Reply(
            @Nullable Object answer,
            @Nullable Failure failure,
            Instant asOf,
            long began,
            long ended,
            boolean trial,
            boolean missed) {
        this(answer, failure, asOf, began, ended, trial, missed, Map.of());
    }

    /** The same from a source that has not got as far as it should have. */
    Reply missing() {
        return new Reply(answer, failure, asOf, began, ended, trial, true, ofKeys);
    }

    boolean isTimeout() {
        return failure != null && failure.cause() == Cause.TIMEOUT;
    }
}
