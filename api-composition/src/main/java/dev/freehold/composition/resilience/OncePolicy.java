package dev.freehold.composition.resilience;

import dev.freehold.composition.CallFailedException;
import dev.freehold.composition.CallPolicy;
import dev.freehold.composition.Cause;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One attempt.
 *
 * @param breaker null: none
 * @param rateLimiter null: none
 * @param bulkhead null: none
 * @param timeLimiter null: none
 */
record OncePolicy(
        @Nullable CircuitBreaker breaker,
        @Nullable RateLimiter rateLimiter,
        @Nullable Bulkhead bulkhead,
        @Nullable TimeLimiter timeLimiter)
        implements CallPolicy {

    @Override
    public @Nullable Object call(Attempt attempt) throws Exception {
        return breaker == null ? withinRate(attempt) : heard(breaker, attempt);
    }

    private @Nullable Object heard(CircuitBreaker circuit, Attempt attempt) throws Exception {
        if (!circuit.tryAcquirePermission()) {
            throw new CallFailedException(
                    Cause.BREAKER_OPEN,
                    "circuit breaker '%s' is %s".formatted(circuit.getName(), circuit.getState()),
                    null,
                    null);
        }
        if (circuit.getState() == CircuitBreaker.State.HALF_OPEN) {
            attempt.onTrial();
        }
        long start = circuit.getCurrentTimestamp();
        try {
            Object answer = withinRate(attempt);
            circuit.onResult(circuit.getCurrentTimestamp() - start, circuit.getTimestampUnit(), answer);
            return answer;
        } catch (Throwable thrown) {
            if (isNotOfTheSource(thrown, attempt)) {
                circuit.releasePermission();
            } else {
                circuit.onError(circuit.getCurrentTimestamp() - start, circuit.getTimestampUnit(), thrown);
            }
            throw thrown;
        }
    }

    /** The page has given the call up, or the source has not even been asked. */
    private static boolean isNotOfTheSource(Throwable thrown, Attempt attempt) {
        return attempt.budget().isOver()
                || thrown instanceof CallFailedException failed
                        && (failed.kind() == Cause.BULKHEAD_FULL || failed.kind() == Cause.RATE_LIMITED);
    }

    private @Nullable Object withinRate(Attempt attempt) throws Exception {
        if (rateLimiter != null && !rateLimiter.acquirePermission()) {
            throw new CallFailedException(
                    Cause.RATE_LIMITED,
                    "rate limiter '%s' has no permission left".formatted(rateLimiter.getName()),
                    rateLimiter.getRateLimiterConfig().getLimitRefreshPeriod(),
                    null);
        }
        return withinBulkhead(attempt);
    }

    private @Nullable Object withinBulkhead(Attempt attempt) throws Exception {
        if (bulkhead == null) {
            return withinTime(attempt);
        }
        if (!bulkhead.tryAcquirePermission()) {
            throw new CallFailedException(
                    Cause.BULKHEAD_FULL, "bulkhead '%s' is full".formatted(bulkhead.getName()), null, null);
        }
        try {
            return withinTime(attempt);
        } finally {
            bulkhead.onComplete();
        }
    }

    private @Nullable Object withinTime(Attempt attempt) throws Exception {
        if (timeLimiter == null) {
            return attempt.run();
        }
        Duration limit = timeLimiter.getTimeLimiterConfig().getTimeoutDuration();
        try {
            Object answer = attempt.run(limit);
            timeLimiter.onSuccess();
            return answer;
        } catch (Exception thrown) {
            timeLimiter.onError(thrown);
            throw thrown;
        }
    }
}
