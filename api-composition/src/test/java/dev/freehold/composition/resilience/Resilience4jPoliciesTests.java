package dev.freehold.composition.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.composition.CallFailedException;
import dev.freehold.composition.Cause;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.View;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real instances of Resilience4j around a source that fails, hangs or is slow. */
@Timeout(120)
class Resilience4jPoliciesTests {

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "1s")
    record QuickRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    /** A source that does what it is told to. */
    static class Sources {

        final AtomicInteger calls = new AtomicInteger();
        volatile Work work = () -> {};

        interface Work {
            void run() throws Exception;
        }

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) throws Exception {
            calls.incrementAndGet();
            work.run();
            return ids.stream().map(Customer::new).toList();
        }
    }

    private final Sources sources = new Sources();
    private @Nullable Compositions compositions;

    private @Nullable RetryRegistry retries;
    private @Nullable CircuitBreakerRegistry breakers;
    private @Nullable RateLimiterRegistry rateLimiters;
    private @Nullable BulkheadRegistry bulkheads;
    private @Nullable TimeLimiterRegistry timeLimiters;

    @AfterEach
    void close() {
        if (compositions != null) {
            compositions.close();
        }
    }

    private <R> View<R, Void> view(Class<R> row) {
        Resilience4jPolicies.Registries registries =
                new Resilience4jPolicies.Registries(retries, breakers, rateLimiters, bulkheads, timeLimiters);
        compositions = Compositions.builder()
                .sources(sources)
                .views(row)
                .policies(new Resilience4jPolicies(registries, source -> Resilience4jPolicies.DEFAULT_RETRY_SHARE))
                .build();
        return compositions.view(row);
    }

    private CircuitBreaker breaker(CircuitBreakerConfig config) {
        breakers = CircuitBreakerRegistry.ofDefaults();
        return breakers.circuitBreaker("customers", config);
    }

    private static <R> Page<R> page(View<R, Void> view) {
        return view.page(null, Keyset.start(), 10);
    }

    private static Cause cause(Page<Row> page) {
        return page.missing().get(0).cause();
    }

    @Test
    void doNothingWithoutInstances() {
        breakers = CircuitBreakerRegistry.ofDefaults();
        retries = RetryRegistry.ofDefaults();

        assertThat(page(view(Row.class)).isComplete()).isTrue();
        assertThat(breakers.getAllCircuitBreakers()).isEmpty();
    }

    @Test
    void openHalfOpenAndCloseTheCircuit() {
        CircuitBreaker breaker = breaker(CircuitBreakerConfig.custom()
                .slidingWindowSize(4)
                .minimumNumberOfCalls(4)
                .waitDurationInOpenState(Duration.ofMillis(300))
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .permittedNumberOfCallsInHalfOpenState(2)
                .build());
        View<Row, Void> view = view(Row.class);
        sources.work = () -> {
            throw new IOException("broken");
        };

        for (int i = 0; i < 4; i++) {
            assertThat(cause(page(view))).isEqualTo(Cause.CONNECTION);
        }
        int before = sources.calls.get();
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(cause(page(view))).isEqualTo(Cause.BREAKER_OPEN);
        assertThat(sources.calls.get()).isEqualTo(before);

        sources.work = () -> {};
        await().atMost(Duration.ofSeconds(30)).until(() -> breaker.getState() == CircuitBreaker.State.HALF_OPEN);
        assertThat(page(view).isComplete()).isTrue();
        assertThat(page(view).isComplete()).isTrue();
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void tellTheBreakerNothingOfCallsThatThePageGaveUp() {
        CircuitBreaker breaker = breaker(CircuitBreakerConfig.custom()
                .slidingWindowSize(3)
                .minimumNumberOfCalls(3)
                .build());
        View<QuickRow, Void> view = view(QuickRow.class);
        sources.work = () -> new CountDownLatch(1).await();

        for (int i = 0; i < 5; i++) {
            assertThat(page(view).missing())
                    .containsExactly(new Page.Missing("customer", "customers", Cause.TIMEOUT, null, 1));
        }

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isZero();
    }

    @Test
    void stopWhatTakesTooLongAndTellTheBreaker() {
        CircuitBreaker breaker = breaker(CircuitBreakerConfig.custom()
                .slidingWindowSize(2)
                .minimumNumberOfCalls(2)
                .build());
        timeLimiters = TimeLimiterRegistry.ofDefaults();
        timeLimiters.timeLimiter(
                "customers",
                TimeLimiterConfig.custom()
                        .timeoutDuration(Duration.ofMillis(100))
                        .build());
        View<Row, Void> view = view(Row.class);
        AtomicInteger interrupted = new AtomicInteger();
        sources.work = () -> {
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.incrementAndGet();
            }
        };

        assertThat(cause(page(view))).isEqualTo(Cause.TIMEOUT);
        assertThat(cause(page(view))).isEqualTo(Cause.TIMEOUT);

        assertThat(interrupted.get()).isEqualTo(2);
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @Test
    void askAgain() {
        retries = RetryRegistry.ofDefaults();
        retries.retry(
                "customers",
                RetryConfig.custom()
                        .maxAttempts(2)
                        .waitDuration(Duration.ofMillis(10))
                        .build());
        View<Row, Void> view = view(Row.class);
        sources.work = () -> {
            if (sources.calls.get() == 1) {
                throw new IOException("broken");
            }
        };

        assertThat(page(view).isComplete()).isTrue();
        assertThat(sources.calls.get()).isEqualTo(2);
    }

    @Test
    void doNotAskAgainIfTheWaitIsLongerThanTheBudget() {
        retries = RetryRegistry.ofDefaults();
        retries.retry(
                "customers",
                RetryConfig.custom()
                        .maxAttempts(2)
                        .waitDuration(Duration.ofMinutes(1))
                        .build());
        View<Row, Void> view = view(Row.class);
        sources.work = () -> {
            throw new IOException("broken");
        };

        assertThat(cause(page(view))).isEqualTo(Cause.CONNECTION);
        assertThat(sources.calls.get()).isEqualTo(1);
    }

    @Test
    void waitAsLongAsTheServiceWishes() {
        retries = RetryRegistry.ofDefaults();
        retries.retry(
                "customers",
                RetryConfig.custom()
                        .maxAttempts(2)
                        .waitDuration(Duration.ofMillis(10))
                        .build());
        View<Row, Void> view = view(Row.class);
        sources.work = () -> {
            throw new CallFailedException(Cause.SERVER_ERROR, "later", Duration.ofMinutes(1), null);
        };

        assertThat(page(view).missing())
                .containsExactly(
                        new Page.Missing("customer", "customers", Cause.SERVER_ERROR, Duration.ofMinutes(1), 1));
        assertThat(sources.calls.get()).isEqualTo(1);
    }

    @Test
    void askATenthMoreOftenInAnOutageAtMost() {
        retries = RetryRegistry.ofDefaults();
        retries.retry(
                "customers",
                RetryConfig.custom()
                        .maxAttempts(4)
                        .waitDuration(Duration.ofMillis(1))
                        .build());
        View<Row, Void> view = view(Row.class);
        sources.work = () -> {
            throw new IOException("broken");
        };

        int pages = 300;
        for (int i = 0; i < pages; i++) {
            page(view);
        }

        assertThat(sources.calls.get()).isBetween(pages + 1, pages * 11 / 10);
    }

    @Test
    void neverAskAgainWhatTheBreakerRefused() {
        CircuitBreaker breaker = breaker(CircuitBreakerConfig.ofDefaults());
        retries = RetryRegistry.ofDefaults();
        retries.retry("customers");
        View<Row, Void> view = view(Row.class);
        breaker.transitionToOpenState();

        assertThat(cause(page(view))).isEqualTo(Cause.BREAKER_OPEN);
        assertThat(breaker.getMetrics().getNumberOfNotPermittedCalls()).isEqualTo(1);
    }

    @Test
    void keepAPlaceInTheBulkheadUntilTheWorkHasEnded() {
        bulkheads = BulkheadRegistry.ofDefaults();
        bulkheads.bulkhead(
                "customers",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(1)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        View<QuickRow, Void> view = view(QuickRow.class);
        CountDownLatch release = new CountDownLatch(1);
        sources.work = () -> ignoringInterrupts(release);

        Page<QuickRow> hangs = page(view); // its page ends, its work does not
        Page<QuickRow> finds = page(view);
        release.countDown();

        assertThat(hangs.missing()).extracting(Page.Missing::cause).containsExactly(Cause.TIMEOUT);
        assertThat(finds.missing()).extracting(Page.Missing::cause).containsExactly(Cause.BULKHEAD_FULL);
        await().atMost(Duration.ofSeconds(30)).until(() -> page(view).isComplete());
    }

    @Test
    void limitTheRate() {
        rateLimiters = RateLimiterRegistry.ofDefaults();
        rateLimiters.rateLimiter(
                "customers",
                RateLimiterConfig.custom()
                        .limitForPeriod(1)
                        .limitRefreshPeriod(Duration.ofMinutes(5))
                        .timeoutDuration(Duration.ZERO)
                        .build());
        View<Row, Void> view = view(Row.class);

        assertThat(page(view).isComplete()).isTrue();
        assertThat(page(view).missing())
                .containsExactly(
                        new Page.Missing("customer", "customers", Cause.RATE_LIMITED, Duration.ofMinutes(5), 1));
    }

    @Test
    void countNoRefusalAsAFailureOfTheSource() {
        CircuitBreaker breaker = breaker(CircuitBreakerConfig.custom()
                .slidingWindowSize(2)
                .minimumNumberOfCalls(2)
                .build());
        bulkheads = BulkheadRegistry.ofDefaults();
        bulkheads.bulkhead(
                "customers",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(1)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        View<Row, Void> view = view(Row.class);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        sources.work = () -> {
            asked.countDown();
            release.await();
        };

        List<CompletableFuture<Page<Row>>> first = new ArrayList<>();
        first.add(CompletableFuture.supplyAsync(() -> page(view), task -> new Thread(task).start()));
        await().atMost(Duration.ofSeconds(30)).until(() -> asked.getCount() == 0);
        for (int i = 0; i < 5; i++) {
            assertThat(cause(page(view))).isEqualTo(Cause.BULKHEAD_FULL);
        }
        release.countDown();

        assertThat(first.get(0).join().isComplete()).isTrue();
        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isZero();
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    private static void ignoringInterrupts(CountDownLatch release) {
        boolean released = false;
        while (!released) {
            try {
                release.await();
                released = true;
            } catch (InterruptedException ignored) {
                // that is what it is about
            }
        }
    }
}
