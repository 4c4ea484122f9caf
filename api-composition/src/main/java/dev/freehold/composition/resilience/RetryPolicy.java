package dev.freehold.composition.resilience;

import dev.freehold.composition.CallPolicy;
import dev.freehold.composition.Cause;
import io.github.resilience4j.retry.Retry;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several attempts.
 *
 * @param retry says how many, and how long to wait between them
 * @param once one attempt
 * @param permissions how many retries there may be in all
 */
record RetryPolicy(Retry retry, CallPolicy once, RetryBudget permissions) implements CallPolicy {

    private static final Duration NEVER = Duration.ofMillis(-1);

    /** To ask again at once what has just been refused would only be refused again. */
    private static final Set<Cause> REFUSALS = Set.of(Cause.BREAKER_OPEN, Cause.BULKHEAD_FULL, Cause.RATE_LIMITED);

    @Override
    public @Nullable Object call(Attempt attempt) throws Exception {
        permissions.called();
        Retry.AsyncContext<@Nullable Object> attempts = retry.asyncContext();
        while (true) {
            long began = System.nanoTime();
            Object answer;
            Exception failure = null;
            Duration wait;
            try {
                answer = once.call(attempt);
                wait = Duration.ofMillis(attempts.onResult(answer));
            } catch (Exception thrown) {
                answer = null;
                failure = thrown;
                wait = isRefused(thrown) || attempt.budget().isOver() ? NEVER : wait(attempts, thrown);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (wait.isNegative() || !isWorthwhile(wait, took, attempt) || !permissions.tryRetry()) {
                if (failure != null) {
                    throw failure;
                }
                attempts.onComplete();
                return answer;
            }
            Thread.sleep(wait.toMillis());
        }
    }

    /** No sooner than the service wishes. */
    private static Duration wait(Retry.AsyncContext<?> attempts, Exception thrown) {
        Duration wait = Duration.ofMillis(attempts.onError(thrown));
        Duration wished = CallPolicy.retryAfter(thrown).orElse(wait);
        return wait.isNegative() || wait.compareTo(wished) > 0 ? wait : wished;
    }

    private static boolean isRefused(Exception thrown) {
        return REFUSALS.contains(Cause.of(thrown));
    }

    /** Whether there is time for an answer: as much as half of them need or, if that is not known, as the failure took. */
    private static boolean isWorthwhile(Duration wait, Duration took, Attempt attempt) {
        Duration needed = attempt.usual().isZero() ? took : attempt.usual();
        return wait.plus(needed).compareTo(attempt.budget().remaining()) < 0;
    }
}
