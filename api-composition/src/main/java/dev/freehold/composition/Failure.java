package dev.freehold.composition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a source did not answer some keys.
 *
 * @param source its name
 * @param cause what kind it is
 * @param detail for people; null if the cause says it all
 * @param exception what was thrown; null if nothing was
 * @param retryAfter when it is worth asking again; null if unknown
 */
record Failure(
        String source,
        Cause cause,
        @Nullable String detail,
        @Nullable Throwable exception,
        @Nullable Duration retryAfter) {

    static Failure of(String source, Cause cause, String detail) {
        return new Failure(source, cause, detail, null, null);
    }

    String describe() {
        return detail == null ? cause.name() : cause + ", " + detail;
    }

    <T> Part<T> part() {
        return new Part.Unavailable<>(source, cause, retryAfter);
    }
}
