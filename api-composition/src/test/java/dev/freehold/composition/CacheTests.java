package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** Sources whose answers are kept. */
@Timeout(60)
class CacheTests {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    record Order(long id, String sku, long customerId) {}

    record Product(String sku, Instant madeAt) {}

    record Customer(long id, @Nullable String shownTo) {}

    record Parcel(long id, long orderId) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,
            @One(source = "products", key = "order.sku") Part<Product> product,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @Many(source = "parcels", key = "order.id") Part<List<Parcel>> parcels) {}

    @ComposedView(root = "orders", budget = "20s")
    record Strict(
            @Root Order order,
            @One(source = "products", key = "order.sku") Product product) {}

    /** Time passes when the test says so. */
    private static final class Time extends Clock {

        private Instant now = NOON;

        void pass(Duration duration) {
            now = now.plus(duration);
        }

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

    class Sources {

        final List<Object> asked = new ArrayList<>();

        @Nullable
        Cause failure;

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
                absentFor = "10s",
                forEverybody = true)
        List<Product> products(Set<String> skus) {
            ask(skus);
            return skus.stream()
                    .filter(sku -> !sku.equals("none"))
                    .map(sku -> new Product(sku.equals("odd") ? "ODD" : sku, time.now))
                    .toList();
        }

        @Source(name = "customers", id = "id", cache = "customers")
        List<Customer> customers(Set<Long> ids) {
            ask(ids);
            return ids.stream().map(id -> new Customer(id, user)).toList();
        }

        @Source(name = "parcels", groupBy = "orderId", cache = "parcels", forEverybody = true)
        List<Parcel> parcels(Set<Long> orders) {
            ask(orders);
            return orders.stream().map(order -> new Parcel(order * 10, order)).toList();
        }

        private void ask(Collection<?> keys) {
            synchronized (asked) {
                asked.addAll(keys);
            }
            if (failure != null) {
                throw new CallFailedException(failure, "as the test says", null, null);
            }
        }
    }

    private final Time time = new Time();
    private final Sources sources = new Sources();
    private final CacheManager caches = new ConcurrentMapCacheManager("products", "customers", "parcels");
    private @Nullable String user = "ada";

    private CompositionsBuilder builder() {
        return Compositions.builder()
                .sources(sources)
                .views(Row.class, Strict.class)
                .clock(time)
                .caches(caches)
                .scope(() -> user);
    }

    private Page<Row> page(Order... orders) {
        try (Compositions compositions = builder().build()) {
            return compositions.view(Row.class).compose(List.of(orders));
        }
    }

    private Row row(Order order) {
        return page(order).rows().get(0);
    }

    private static Order order(long id, String sku) {
        return new Order(id, sku, 7);
    }

    @Test
    void areAskedForWhatTheCacheDoesNotKnow() {
        page(order(1, "tea"), order(2, "milk"));
        sources.asked.clear();

        Page<Row> page = page(order(3, "cup"), order(1, "tea"), order(4, "pot"));

        assertThat(sources.asked).containsExactlyInAnyOrder("cup", "pot", 3L, 4L);
        assertThat(page.rows())
                .extracting(row -> row.product().optional().orElseThrow().sku())
                .containsExactly("cup", "tea", "pot");
        assertThat(page.rows())
                .extracting(row -> row.parcels().optional().orElseThrow())
                .containsExactly(List.of(new Parcel(30, 3)), List.of(new Parcel(10, 1)), List.of(new Parcel(40, 4)));
        assertThat(page.analysis().steps().get(0)).satisfies(products -> {
            assertThat(products.cached()).isEqualTo(1);
            assertThat(products.asked()).isEqualTo(2);
            assertThat(products.calls()).isEqualTo(1);
        });
        assertThat(page.analysis().toString()).contains("3 keys  1 cached  2 asked  1 calls");
    }

    @Test
    void areNotAskedIfTheCacheKnowsAll() {
        Row first = row(order(1, "tea"));
        time.pass(Duration.ofSeconds(50));
        sources.asked.clear();

        Row second = row(order(1, "tea"));

        assertThat(sources.asked).isEmpty();
        assertThat(second).isEqualTo(first);
        assertThat(second.product()).isEqualTo(new Part.Found<>(new Product("tea", NOON), NOON, false));
    }

    @Test
    void areAskedAgainWhenTheAnswerIsNotFreshAnyMore() {
        row(order(1, "tea"));
        time.pass(Duration.ofMinutes(1));

        assertThat(row(order(1, "tea")).product())
                .isEqualTo(new Part.Found<>(new Product("tea", NOON.plusSeconds(60)), NOON.plusSeconds(60), false));
    }

    @Test
    void areNotAskedForAWhileForWhatIsNotThere() {
        row(order(1, "none"));
        time.pass(Duration.ofSeconds(8));
        sources.asked.clear();

        assertThat(row(order(1, "none")).product()).isEqualTo(new Part.Absent<>("none"));
        assertThat(sources.asked).isEmpty();

        time.pass(Duration.ofSeconds(2));
        row(order(1, "none"));
        assertThat(sources.asked).containsExactly("none");
    }

    @Test
    void doNotAllHaveToBeAskedAgainAtOnce() {
        List<Instant> ends = new ArrayList<>();
        Cache cache = new ConcurrentMapCache("products");
        SourceCache.Times times = new SourceCache.Times(Duration.ofMinutes(10), Duration.ZERO, Duration.ofSeconds(5));
        double[] chance = {0};
        for (int i = 0; i <= 10; i++) {
            chance[0] = i / 10.0;
            SourceCache kept = new SourceCache("products", cache, times, () -> chance[0]);
            kept.put("everybody", "key", "row", NOON, null);
            ends.add(Objects.requireNonNull(
                    Objects.requireNonNull(kept.find("everybody", "key")).freshUntil()));
        }
        assertThat(ends).doesNotHaveDuplicates().isSorted();
        assertThat(ends.get(0)).isEqualTo(NOON.plus(Duration.ofMinutes(9)));
        assertThat(ends.get(10)).isEqualTo(NOON.plus(Duration.ofMinutes(10)));
    }

    @Test
    void showWhatTheyAnsweredBeforeWhileTheyAreAway() {
        row(order(1, "tea"));
        time.pass(Duration.ofMinutes(9));
        sources.failure = Cause.CONNECTION;

        Page<Row> page = page(order(1, "tea"), order(2, "milk"));

        assertThat(page.stale()).isTrue();
        assertThat(page.rows().get(0).product()).isEqualTo(new Part.Found<>(new Product("tea", NOON), NOON, true));
        assertThat(page.rows().get(1).product()).isEqualTo(new Part.Unavailable<>("products", Cause.CONNECTION, null));
        assertThat(page.missing())
                .filteredOn(missing -> missing.component().equals("product"))
                .singleElement()
                .satisfies(missing -> assertThat(missing.rows()).isEqualTo(1));
    }

    @Test
    void doNotFailARequiredPartIfTheyAnsweredBefore() {
        row(order(1, "tea"));
        time.pass(Duration.ofMinutes(9));
        sources.failure = Cause.TIMEOUT;
        try (Compositions compositions = builder().build()) {
            View<Strict, Void> view = compositions.view(Strict.class);

            Page<Strict> page = view.compose(List.of(order(1, "tea")));

            assertThat(page.rows()).extracting(Strict::product).containsExactly(new Product("tea", NOON));
            assertThat(page.stale()).isTrue();
            assertThatExceptionOfType(SourceUnavailableException.class)
                    .isThrownBy(() -> view.compose(List.of(order(1, "tea"), order(2, "milk"))));
        }
    }

    @Test
    void showNothingThatIsTooOld() {
        row(order(1, "tea"));
        time.pass(Duration.ofMinutes(10).plusSeconds(1));
        sources.failure = Cause.CONNECTION;

        assertThat(row(order(1, "tea")).product()).isInstanceOf(Part.Unavailable.class);
    }

    @Test
    void showNothingToWhomTheyRefuse() {
        row(order(1, "tea"));
        time.pass(Duration.ofMinutes(2));
        sources.failure = Cause.CLIENT_ERROR;

        assertThat(row(order(1, "tea")).product())
                .isEqualTo(new Part.Unavailable<>("products", Cause.CLIENT_ERROR, null));
    }

    @Test
    void doNotSayThatThereIsNothingBecauseThereWasNothing() {
        row(order(1, "none"));
        time.pass(Duration.ofSeconds(30));
        sources.failure = Cause.CONNECTION;

        assertThat(row(order(1, "none")).product()).isInstanceOf(Part.Unavailable.class);
    }

    @Test
    void showNobodyWhatIsForOthers() {
        row(order(1, "tea"));
        user = "bob";
        sources.asked.clear();

        Row bobs = row(order(1, "tea"));

        assertThat(bobs.customer().optional()).contains(new Customer(7, "bob"));
        assertThat(sources.asked).containsExactly(7L);
    }

    @Test
    void goWithoutWhereNobodyIsKnown() {
        user = null;
        row(order(1, "tea"));
        sources.asked.clear();
        row(order(1, "tea"));

        assertThat(sources.asked).containsExactly(7L);
    }

    /** A cache that works so often, and then throws. */
    private static CacheManager brokenAfter(int uses, AtomicInteger used) {
        Cache broken = new ConcurrentMapCache("products") {
            @Override
            protected @Nullable Object lookup(Object key) {
                use();
                return super.lookup(key);
            }

            @Override
            public void put(Object key, @Nullable Object value) {
                use();
                super.put(key, value);
            }

            private void use() {
                if (used.incrementAndGet() > uses) {
                    throw new IllegalStateException("the cache is away");
                }
            }
        };
        return new CacheManager() {
            @Override
            public Cache getCache(String name) {
                return broken;
            }

            @Override
            public Collection<String> getCacheNames() {
                return List.of("products");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void answerThoughTheirCacheFailsAndLeaveItAloneThen(int uses) {
        AtomicInteger used = new AtomicInteger();
        try (Compositions compositions =
                builder().caches(brokenAfter(uses, used)).build()) {
            Page<Strict> page = compositions
                    .view(Strict.class)
                    .compose(List.of(order(1, "tea"), order(2, "milk"), order(3, "cup")));

            assertThat(page.rows()).extracting(row -> row.product().sku()).containsExactly("tea", "milk", "cup");
            assertThat(used.get()).isEqualTo(uses + 1);
        }
    }

    @Test
    void leaveAloneWhatIsKnownIfTheyAnswerForOtherKeys() {
        row(order(1, "none"));

        Page<Row> page = page(order(2, "odd"), order(1, "none"), order(3, "tea"));

        assertThat(page.rows())
                .extracting(Row::product)
                .containsExactly(
                        new Part.Unavailable<>("products", Cause.UNKNOWN_KEY, null),
                        new Part.Absent<>("none"),
                        new Part.Found<>(new Product("tea", NOON), NOON, false));
    }

    @Test
    void tellOfTheirCachesInThePlan() {
        try (Compositions compositions = builder().build()) {
            assertThat(compositions.view(Row.class).plan().toString()).contains("100 keys a call, cache products");
        }
    }
}
