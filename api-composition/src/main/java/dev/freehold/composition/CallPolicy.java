package dev.freehold.composition;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the calls of a source: retries, a circuit breaker and the like. Called on the thread that carries the call
 * out, with the context of the page; by several threads at once.
 */
@FunctionalInterface
public interface CallPolicy {

    /** Asks the source, once or more often, or refuses to with a {@link CallFailedException}. */
    @Nullable
    Object call(Attempt attempt) throws Exception;

    /** Asks once. */
    static CallPolicy none() {
        return Attempt::run;
    }

    /** When a failed call is worth repeating, as the service said; empty if it did not. */
    static Optional<Duration> retryAfter(Throwable thrown) {
        return Optional.ofNullable(Failures.of("", thrown).retryAfter());
    }

    /** What there is to do. */
    interface Attempt {

        /** Asks the source, once for each time it is called. */
        @Nullable
        Object run() throws Exception;

        /**
         * The same, but not longer than that: then the source is interrupted and its {@link Budget} is over.
         *
         * @throws java.util.concurrent.TimeoutException if it is
         */
        @Nullable
        Object run(Duration atMost) throws Exception;

        /** The time that is left for all attempts together. */
        Budget budget();

        /** How long the source needed for half of its latest answers; zero if that is not known. */
        Duration usual();

        /** Says that the source is only being tried out: that it has no row for a key now is not kept in a cache. */
        void onTrial();
    }
}
