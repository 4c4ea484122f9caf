package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** What a cache keeps while its source is away, is tried out, and has come back. */
@Timeout(60)
class OutageCacheTests {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    record Order(long id, String sku) {}

    record Product(String sku) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,
            @One(source = "products", key = "order.sku") Part<Product> product) {}

    private static final class Time extends Clock {

        private volatile Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    static class Sources {

        private final AtomicInteger calls = new AtomicInteger();
        private volatile boolean away;
        private volatile boolean empty;

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of();
        }

        @Source(
                name = "products",
                id = "sku",
                cache = "products",
                freshFor = "1m",
                staleFor = "10m",
                forEverybody = true)
        List<Product> products(Set<String> skus) throws IOException {
            calls.incrementAndGet();
            if (away) {
                throw new IOException("away");
            }
            return empty ? List.of() : skus.stream().map(Product::new).toList();
        }
    }

    private final Time time = new Time();
    private final Sources sources = new Sources();
    private final ConcurrentMapCacheManager caches = new ConcurrentMapCacheManager("products");
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final CircuitBreaker breaker = breakers.circuitBreaker(
            "products",
            CircuitBreakerConfig.custom()
                    .permittedNumberOfCallsInHalfOpenState(100)
                    .build());
    private final Compositions compositions = Compositions.builder()
            .sources(sources)
            .views(Row.class)
            .clock(time)
            .caches(caches)
            .policies(new Resilience4jPolicies(
                    new Resilience4jPolicies.Registries(null, breakers, null, null, null), any -> 0))
            .build();

    @AfterEach
    void close() {
        compositions.close();
    }

    private Part<Product> tea() {
        return compositions
                .view(Row.class)
                .compose(List.of(new Order(1, "tea")))
                .rows()
                .get(0)
                .product();
    }

    private ConcurrentMap<Object, Object> kept() {
        return ((ConcurrentMapCache) Objects.requireNonNull(caches.getCache("products"))).getNativeCache();
    }

    private void tryOut() {
        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
    }

    private static Part<Product> found(boolean stale) {
        return new Part.Found<>(new Product("tea"), NOON, stale);
    }

    @Test
    void isNotThatThereIsNothingWhileTheSourceIsTriedOut() {
        sources.empty = true;
        tryOut();

        assertThat(tea()).isEqualTo(new Part.Absent<>("tea"));

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        assertThat(kept()).isEmpty();
    }

    @Test
    void isWhatWasKnownBeforeTheSourceWasTriedOut() {
        assertThat(tea()).isEqualTo(found(false));
        time.now = NOON.plus(Duration.ofMinutes(2));
        sources.empty = true;
        tryOut();

        assertThat(tea()).isEqualTo(new Part.Absent<>("tea"));
        sources.away = true;

        assertThat(tea()).isEqualTo(found(true));
    }

    @Test
    void isThatThereIsNothingWhenTheSourceIsBack() {
        sources.empty = true;
        tryOut();
        tea();
        breaker.transitionToClosedState();

        tea();
        assertThat(kept()).hasSize(1);
        int before = sources.calls.get();

        assertThat(tea()).isEqualTo(new Part.Absent<>("tea"));
        assertThat(sources.calls.get()).isEqualTo(before);
    }

    @Test
    void isARowThatTheSourceHasWhileItIsTriedOut() {
        tryOut();
        tea();
        int before = sources.calls.get();

        assertThat(tea()).isEqualTo(found(false));
        assertThat(sources.calls.get()).isEqualTo(before);
    }

    @Test
    void isNoFailure() {
        sources.away = true;
        assertThat(tea()).isEqualTo(unavailable());
        assertThat(kept()).isEmpty();
        sources.away = false;

        assertThat(tea()).isEqualTo(found(false));
        assertThat(sources.calls.get()).isEqualTo(2);
    }

    private static Part<Product> unavailable() {
        return new Part.Unavailable<>("products", Cause.CONNECTION, null);
    }
}
