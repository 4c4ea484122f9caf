package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.micrometer.context.ContextRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.context.i18n.LocaleContextHolder;

/** What the thread that asks for a page knows, its sources know, too; and their threads forget it. */
class CallerContextTests {

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final Map<String, String> seen = new ConcurrentHashMap<>();

    class Sources {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            look("root");
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) {
            look("source");
            return ids.stream().map(Customer::new).toList();
        }
    }

    private void look(String where) {
        seen.put(where, MDC.get("trace") + " " + LocaleContextHolder.getLocale() + " " + TENANT.get());
    }

    @BeforeEach
    void registerTenant() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("tenant", TENANT);
    }

    @AfterEach
    void clear() {
        ContextRegistry.getInstance().removeThreadLocalAccessor("tenant");
        TENANT.remove();
        MDC.clear();
        LocaleContextHolder.resetLocaleContext();
    }

    @Test
    void reachesTheSources() {
        try (Compositions compositions =
                Compositions.builder().sources(new Sources()).views(Row.class).build()) {
            TENANT.set("north");
            MDC.put("trace", "t1");
            LocaleContextHolder.setLocale(Locale.ITALY);

            compositions.view(Row.class).page(null, Keyset.start(), 10);

            assertThat(seen).containsOnly(Map.entry("root", "t1 it_IT north"), Map.entry("source", "t1 it_IT north"));
        }
    }

    /** Its first attempt fails. */
    class Flaky {

        private final AtomicInteger attempts = new AtomicInteger();

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) throws IOException {
            int attempt = attempts.incrementAndGet();
            look("attempt " + attempt);
            if (attempt == 1) {
                throw new IOException("broken");
            }
            return ids.stream().map(Customer::new).toList();
        }
    }

    private void reachesBothAttempts(@Nullable TimeLimiterRegistry timeLimiters) {
        RetryRegistry retries = RetryRegistry.ofDefaults();
        retries.retry(
                "customers",
                RetryConfig.custom().waitDuration(Duration.ofMillis(1)).build());
        try (Compositions compositions = Compositions.builder()
                .sources(new Flaky())
                .views(Row.class)
                .policies(new Resilience4jPolicies(
                        new Resilience4jPolicies.Registries(retries, null, null, null, timeLimiters), any -> 1))
                .build()) {
            TENANT.set("north");
            MDC.put("trace", "t1");
            LocaleContextHolder.setLocale(Locale.ITALY);

            compositions.view(Row.class).page(null, Keyset.start(), 10);

            assertThat(seen)
                    .containsOnly(Map.entry("attempt 1", "t1 it_IT north"), Map.entry("attempt 2", "t1 it_IT north"));
        }
    }

    @Test
    void reachesEveryAttempt() {
        reachesBothAttempts(null);
    }

    @Test
    void reachesEveryAttemptWithALimitOfItsOwn() {
        TimeLimiterRegistry timeLimiters = TimeLimiterRegistry.ofDefaults();
        timeLimiters.timeLimiter(
                "customers",
                TimeLimiterConfig.custom()
                        .timeoutDuration(Duration.ofSeconds(10))
                        .build());
        reachesBothAttempts(timeLimiters);
    }

    /** What is answered to everybody is not asked in the name of whoever came first; but where it comes from can be traced. */
    @Test
    void isOnlyATraceForWhatIsForEverybody() {
        class ForEverybody {
            @Source(name = "customers", id = "id", forEverybody = true)
            List<Customer> customers(Set<Long> ids) {
                look("source");
                return ids.stream().map(Customer::new).toList();
            }

            @RootSource(name = "orders", sort = "id")
            List<Order> orders(Keyset at, int limit) {
                return List.of(new Order(1, 7));
            }
        }
        try (Compositions compositions = Compositions.builder()
                .sources(new ForEverybody())
                .views(Row.class)
                .build()) {
            TENANT.set("north");
            MDC.put("trace", "t1");
            LocaleContextHolder.setLocale(Locale.ITALY);

            compositions.view(Row.class).page(null, Keyset.start(), 10);

            assertThat(seen).containsOnly(Map.entry("source", "t1 " + Locale.getDefault() + " null"));
        }
    }

    /** The thread that makes a worker may be that of another page. */
    @Test
    void isNotInherited() throws InterruptedException {
        InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
        user.set("ada");
        BlockingQueue<Optional<String>> seenUser = new LinkedBlockingQueue<>();
        try (Workers workers = new Workers()) {
            workers.execute(() -> seenUser.add(Optional.ofNullable(user.get())));

            assertThat(seenUser.poll(30, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void isCarriedToAThreadThatAsksForAPage() {
        try (Compositions compositions =
                Compositions.builder().sources(new Sources()).views(Row.class).build()) {
            TENANT.set("north");
            MDC.put("trace", "t1");
            LocaleContextHolder.setLocale(Locale.ITALY);
            CallerContext context = CallerContext.capture();
            Thread other = new Thread(() -> {
                try (CallerContext.Scope scope = context.open()) {
                    compositions.view(Row.class).page(null, Keyset.start(), 10);
                }
                look("after");
            });
            other.start();
            join(other);

            assertThat(seen)
                    .containsEntry("source", "t1 it_IT north")
                    .containsEntry("after", "null " + Locale.getDefault() + " null");
        }
    }

    @Test
    void isForgottenBehindTheCall() {
        try (Workers workers = new Workers()) {
            TENANT.set("north");
            MDC.put("trace", "t1");
            CallerContext context = CallerContext.capture();
            Map<String, @Nullable String> after = new HashMap<>();
            Thread worker = new Thread(() -> {
                MDC.put("trace", "own");
                try (CallerContext.Scope set = context.restore(false)) {
                    after.put("during", MDC.get("trace") + " " + TENANT.get());
                }
                after.put("after", MDC.get("trace") + " " + TENANT.get());
            });
            worker.start();
            join(worker);

            assertThat(after).containsOnly(Map.entry("during", "t1 north"), Map.entry("after", "own null"));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
