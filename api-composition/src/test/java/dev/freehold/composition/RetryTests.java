package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is not worth asking again, though there may be more attempts. */
@Timeout(120)
class RetryTests {

    /** So many that ten may be made of one call. */
    private static final int CALLS_FOR_RETRIES = 10;

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "300ms")
    record QuickRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "500ms")
    record LimitedRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "20s")
    record OuterRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "20s")
    record InnerRow(
            @Root Order order,

            @One(source = "accounts", key = "order.customerId")
            Customer account) {}

    private static final List<Order> ORDERS = List.of(new Order(1, 7));

    private interface Work {
        void run() throws Exception;
    }

    static final class Sources {

        private final AtomicInteger calls = new AtomicInteger();
        private volatile Work work = () -> {};
        private volatile boolean accountsAway;

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return ORDERS;
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) throws Exception {
            calls.incrementAndGet();
            work.run();
            return ids.stream().map(Customer::new).toList();
        }

        @Source(name = "accounts", id = "id")
        List<Customer> accounts(Set<Long> ids) throws IOException {
            if (accountsAway) {
                throw new IOException("away");
            }
            return ids.stream().map(Customer::new).toList();
        }
    }

    private final Sources sources = new Sources();
    private final RetryRegistry retries = RetryRegistry.ofDefaults();
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final TimeLimiterRegistry timeLimiters = TimeLimiterRegistry.ofDefaults();

    private void retry(int attempts, Duration wait) {
        retries.retry(
                "customers",
                RetryConfig.custom().maxAttempts(attempts).waitDuration(wait).build());
    }

    private void limit(Duration time) {
        timeLimiters.timeLimiter(
                "customers", TimeLimiterConfig.custom().timeoutDuration(time).build());
    }

    /** For each call there may be a retry, as far as the retry budget is concerned. */
    private Resilience4jPolicies policies() {
        return new Resilience4jPolicies(
                new Resilience4jPolicies.Registries(retries, breakers, null, null, timeLimiters), any -> 1);
    }

    private Compositions compositions() {
        return Compositions.builder()
                .sources(sources)
                .views(QuickRow.class, LimitedRow.class, OuterRow.class, InnerRow.class)
                .policies(policies())
                .build();
    }

    /** The first page takes longer than a short budget. */
    private static void warmUp(Compositions compositions) {
        assertThat(compositions.view(OuterRow.class).compose(ORDERS).isComplete())
                .isTrue();
    }

    private static void awaitNoneInFlight(Compositions compositions) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(compositions.callsInFlight()).containsEntry("customers", 0));
    }

    @Test
    void isNotBegunIfItWouldTakeLongerThanTheTimeThatIsLeft() {
        retry(10, Duration.ofMillis(1));
        try (Compositions compositions = compositions()) {
            warmUp(compositions);
            sources.work = () -> {
                assertThat(new CountDownLatch(1).await(250, TimeUnit.MILLISECONDS))
                        .isFalse();
                throw new IOException("broken");
            };
            int before = sources.calls.get();

            Page<QuickRow> page = compositions.view(QuickRow.class).compose(ORDERS);
            awaitNoneInFlight(compositions);

            assertThat(page.isComplete()).isFalse();
            assertThat(sources.calls.get() - before).isBetween(0, 1);
        }
    }

    @Test
    void isNotMadeOfAPageThatWasRefused() {
        retry(3, Duration.ofMillis(1));
        breakers.circuitBreaker("accounts").transitionToOpenState();
        try (Compositions compositions = compositions()) {
            sources.work = () -> compositions.view(InnerRow.class).compose(ORDERS);

            Page<OuterRow> page = compositions.view(OuterRow.class).compose(ORDERS);

            assertThat(page.missing()).extracting(Page.Missing::cause).containsExactly(Cause.BREAKER_OPEN);
            assertThat(sources.calls.get()).isEqualTo(1);
        }
    }

    @Test
    void isMadeOfAPageThatFailed() {
        retry(3, Duration.ofMillis(1));
        sources.accountsAway = true;
        try (Compositions compositions = compositions()) {
            sources.work = () -> {
                View<InnerRow, Void> inner = compositions.view(InnerRow.class);
                try {
                    inner.compose(ORDERS);
                } finally {
                    sources.accountsAway = false;
                }
            };

            Page<OuterRow> page = compositions.view(OuterRow.class).compose(ORDERS);

            assertThat(page.isComplete()).isTrue();
            assertThat(sources.calls.get()).isEqualTo(2);
        }
    }

    @Test
    void isMadeAsOftenAsTheBudgetHasRoomForItsLimit() {
        retry(10, Duration.ofMillis(1));
        limit(Duration.ofMillis(200));
        try (Compositions compositions = compositions()) {
            for (int i = 0; i < CALLS_FOR_RETRIES; i++) {
                warmUp(compositions);
            }
            sources.work = () -> new CountDownLatch(1).await();
            int before = sources.calls.get();

            Page<LimitedRow> page = compositions.view(LimitedRow.class).compose(ORDERS);
            awaitNoneInFlight(compositions);

            assertThat(page.isComplete()).isFalse();
            assertThat(sources.calls.get() - before).isBetween(0, 3);
        }
    }

    /** Each attempt takes all the time that it may, by a clock of its own. */
    private static final class Hanging implements CallPolicy.Attempt {

        private final List<Long> begun = new ArrayList<>();
        private final Budget budget;
        private boolean hangs;
        private long now;

        private Hanging(Duration budget) {
            this.budget = new Budget(() -> now, budget.toNanos());
        }

        @Override
        public @Nullable Object run() {
            throw new IllegalStateException("it would hang");
        }

        @Override
        public @Nullable Object run(Duration atMost) throws Exception {
            if (!hangs) {
                return "at once";
            }
            begun.add(TimeUnit.NANOSECONDS.toMillis(now));
            now += atMost.toNanos();
            throw new TimeoutException("no answer within " + atMost);
        }

        @Override
        public Budget budget() {
            return budget;
        }

        @Override
        public Duration usual() {
            return Duration.ZERO;
        }

        @Override
        public void onTrial() {}
    }

    @Test
    void isNeverBegunBehindTheEndOfThePage() throws Exception {
        retry(10, Duration.ofMillis(1));
        limit(Duration.ofMillis(200));
        Hanging hanging = new Hanging(Duration.ofMillis(500));
        CallPolicy policy = policies().of("customers");
        for (int i = 0; i < CALLS_FOR_RETRIES; i++) {
            assertThat(policy.call(hanging)).isEqualTo("at once");
        }
        hanging.hangs = true;

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> policy.call(hanging));

        assertThat(hanging.begun).containsExactly(0L, 200L, 400L);
    }
}
