package dev.freehold.composition.resilience;

import dev.freehold.composition.CallPolicies;
import dev.freehold.composition.CallPolicy;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/**
 * Surrounds the calls of a source with those instances of Resilience4j that have the source's name; without one it does nothing.
 *
 * <p>From outside to inside: the page's budget, retries, circuit breaker, rate limiter, bulkhead, time limiter, source. A retry
 * needs a permission of the source's retry budget, and time: it is not begun if what it would wait for is beyond the budget of
 * the page. A call that the page itself gives up is no failure of the source, and the circuit breaker does not hear of it.
 */
public final class Resilience4jPolicies implements CallPolicies {

    /** Of all calls of a source within ten seconds, how many may be retries, unless told otherwise. */
    public static final double DEFAULT_RETRY_SHARE = 0.1;

    private final Registries registries;
    private final ToDoubleFunction<String> retryShare;

    /**
     * Looks into these registries.
     *
     * @param registries where the instances are
     * @param retryShare of all calls of a source within ten seconds, how many may be retries, 0 to 1; one may be in any case
     */
    public Resilience4jPolicies(Registries registries, ToDoubleFunction<String> retryShare) {
        this.registries = registries;
        this.retryShare = retryShare;
    }

    /** Looks into the registries among the beans, if there is one of a kind. */
    public static Resilience4jPolicies of(BeanFactory beans, ToDoubleFunction<String> retryShare) {
        return new Resilience4jPolicies(
                new Registries(
                        beans.getBeanProvider(RetryRegistry.class).getIfUnique(),
                        beans.getBeanProvider(CircuitBreakerRegistry.class).getIfUnique(),
                        beans.getBeanProvider(RateLimiterRegistry.class).getIfUnique(),
                        beans.getBeanProvider(BulkheadRegistry.class).getIfUnique(),
                        beans.getBeanProvider(TimeLimiterRegistry.class).getIfUnique()),
                retryShare);
    }

    /** Each of them may be missing. */
    public record Registries(
            @Nullable RetryRegistry retries,
            @Nullable CircuitBreakerRegistry circuitBreakers,
            @Nullable RateLimiterRegistry rateLimiters,
            @Nullable BulkheadRegistry bulkheads,
            @Nullable TimeLimiterRegistry timeLimiters) {}

    @Override
    public CallPolicy of(String source) {
        RetryRegistry retries = registries.retries();
        CircuitBreakerRegistry circuitBreakers = registries.circuitBreakers();
        RateLimiterRegistry rateLimiters = registries.rateLimiters();
        BulkheadRegistry bulkheads = registries.bulkheads();
        TimeLimiterRegistry timeLimiters = registries.timeLimiters();
        CallPolicy once = new OncePolicy(
                circuitBreakers == null ? null : circuitBreakers.find(source).orElse(null),
                rateLimiters == null ? null : rateLimiters.find(source).orElse(null),
                bulkheads == null ? null : bulkheads.find(source).orElse(null),
                timeLimiters == null ? null : timeLimiters.find(source).orElse(null));
        return retries == null
                ? once
                : retries.find(source)
                        .<CallPolicy>map(retry -> new RetryPolicy(
                                retry, once, new RetryBudget(retryShare.applyAsDouble(source), System::nanoTime)))
                        .orElse(once);
    }
}
