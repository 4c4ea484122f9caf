package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** Pages that are asked for with the token of a write. */
@Timeout(60)
class ConsistencyTests {

    record Order(long id, long customerId, String sku) {}

    record Customer(long id, String name) {}

    record Parcel(long id, long orderId) {}

    record Product(String sku) {}

    record Filter(@Nullable String status, @Nullable String country) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId", filter = "country")
            Part<Customer> customer,

            @Many(source = "parcels", key = "order.id") Part<List<Parcel>> parcels,
            @One(source = "products", key = "order.sku") Part<Product> product) {}

    @ComposedView(root = "orders", budget = "20s")
    record Strict(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Customer customer) {}

    @ComposedView(root = "orders", budget = "20s")
    record Inner(
            @Root Order order,

            @Many(source = "parcels", key = "order.id", join = Join.INNER)
            List<Parcel> parcels) {}

    @ComposedView(root = "orders", budget = "20s")
    record FromMemory(
            @Root Order order,
            @One(source = "names", key = "order.customerId") Part<Customer> customer,

            @One(source = "others", key = "order.customerId")
            Part<Customer> other) {}

    /** What each source was told, and which have not got so far. */
    class Sources {

        private final ConcurrentHashMap<String, Optional<String>> told = new ConcurrentHashMap<>();
        private final Set<String> behind = ConcurrentHashMap.newKeySet();
        private final AtomicInteger calls = new AtomicInteger();

        private void heed(String source) {
            calls.incrementAndGet();
            told.put(source, Consistency.current().token());
            if (behind.contains(source)) {
                Consistency.current().missed();
            }
        }

        @RootSource(name = "orders", sort = "id", filters = "status")
        List<Order> orders(
                Filter filter,
                Keyset at,
                int limit,
                Consistency wanted,
                @SemiJoin("customerId") @Nullable Set<Long> customers) {
            heed("orders");
            assertThat(wanted.token()).isEqualTo(Consistency.current().token());
            return at.isStart() ? List.of(new Order(1, 7, "tea")) : List.of();
        }

        @KeySource(source = "customers", heedsToken = true)
        Set<Long> in(String country, int limit) {
            heed("keys");
            return Set.of(7L);
        }

        @Source(name = "customers", id = "id", heedsToken = true)
        CompletableFuture<List<Customer>> customers(Set<Long> ids) {
            heed("customers");
            return CompletableFuture.completedFuture(ids.contains(7L) ? List.of(new Customer(7, "Ada")) : List.of());
        }

        @Source(name = "parcels", groupBy = "orderId")
        List<Parcel> parcels(Set<Long> orders, Consistency wanted, Budget left) {
            heed("parcels");
            return parcels;
        }

        @Source(name = "products", id = "sku")
        List<Product> products(Set<String> skus) {
            heed("products");
            return skus.stream().map(Product::new).toList();
        }

        @Source(name = "names", id = "id", inline = true, heedsToken = true)
        List<Customer> names(Set<Long> ids) {
            heed("names");
            return List.of(new Customer(7, "Ada"));
        }

        @Source(name = "others", id = "id", inline = true)
        List<Customer> others(Set<Long> ids) {
            heed("others");
            return List.of(new Customer(7, "Ada"));
        }
    }

    private final Sources sources = new Sources();
    private List<Parcel> parcels = List.of(new Parcel(9, 1));
    private final Compositions compositions = Compositions.builder()
            .sources(sources)
            .views(Row.class, Strict.class, Inner.class, FromMemory.class)
            .build();

    @AfterEach
    void close() {
        compositions.close();
    }

    private Page<Row> page(String token) {
        return page(token, new Filter(null, null));
    }

    private Page<Row> page(String token, Filter filter) {
        try (Consistency.Scope scope = Consistency.of(token).open()) {
            return compositions.view(Row.class, Filter.class).page(filter, Keyset.start(), 10);
        }
    }

    @Test
    void tellsTheTokenToSourcesThatHeedIt() {
        Page<Row> page = page("e1.abc", new Filter(null, "NL"));

        assertThat(sources.told)
                .containsEntry("orders", Optional.of("e1.abc"))
                .containsEntry("keys", Optional.of("e1.abc"))
                .containsEntry("customers", Optional.of("e1.abc"))
                .containsEntry("parcels", Optional.of("e1.abc"));
        assertThat(page.stale()).isFalse();
        assertThat(page.isComplete()).isTrue();
    }

    @Test
    void tellsNothingToOthers() {
        page("e1.abc");
        try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
            compositions.view(FromMemory.class, Filter.class).page(new Filter(null, null), Keyset.start(), 10);
        }

        assertThat(sources.told)
                .containsEntry("products", Optional.empty())
                .containsEntry("names", Optional.of("e1.abc"))
                .containsEntry("others", Optional.empty());
        assertThat(Consistency.current().token()).isEmpty();
    }

    @Test
    void tellsNothingToAnybodyWithoutAToken() {
        sources.behind.addAll(Set.of("orders", "customers", "parcels"));

        Page<Row> page = compositions.view(Row.class, Filter.class).page(new Filter(null, null), Keyset.start(), 10);

        assertThat(sources.told.values()).containsOnly(Optional.empty());
        assertThat(page.stale()).as("there was nothing to miss").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void refusesATokenThatIsNone(String blank) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Consistency.of(blank))
                .withMessageContaining("token must have 1 to 4000 characters");
        assertThatIllegalArgumentException().isThrownBy(() -> Consistency.of("x".repeat(4_001)));
    }

    @Nested
    class Behind {

        @Test
        void marksRowsAsStale() {
            sources.behind.add("customers");

            Page<Row> page = page("e1.abc");

            assertThat(page.rows().get(0).customer())
                    .isInstanceOfSatisfying(
                            Part.Found.class, found -> assertThat(found.stale()).isTrue());
            assertThat(page.rows().get(0).parcels())
                    .isInstanceOfSatisfying(
                            Part.Found.class, found -> assertThat(found.stale()).isFalse());
            assertThat(page.stale()).isTrue();
            assertThat(page.isComplete()).isTrue();
        }

        @Test
        void isNotCertainThatThereIsNothing() {
            sources.behind.add("parcels");
            parcels = List.of();

            Page<Row> page = page("e1.abc");

            assertThat(page.rows().get(0).parcels()).isEqualTo(new Part.Unavailable<>("parcels", Cause.BEHIND, null));
            assertThat(page.stale()).isTrue();
            assertThat(page.missing()).containsExactly(new Page.Missing("parcels", "parcels", Cause.BEHIND, null, 1));
        }

        @Test
        void isCertainThatThereIsNothingOtherwise() {
            parcels = List.of();

            assertThat(page("e1.abc").rows().get(0).parcels().optional()).contains(List.of());
        }

        @Test
        void failsAPageThatRequiresTheRow() {
            sources.behind.add("customers");

            try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
                View<Strict, Filter> view = compositions.view(Strict.class, Filter.class);

                assertThat(view.compose(List.of(new Order(1, 7, "tea"))).stale())
                        .isTrue();
                assertThatExceptionOfType(SourceUnavailableException.class)
                        .isThrownBy(() -> view.compose(List.of(new Order(1, 8, "tea"))))
                        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.BEHIND));
            }
        }

        @Test
        void leavesNoRowOutThatMayBelongThere() {
            sources.behind.add("parcels");
            parcels = List.of();

            try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
                assertThatExceptionOfType(SourceUnavailableException.class)
                        .isThrownBy(() ->
                                compositions.view(Inner.class, Filter.class).compose(List.of(new Order(1, 7, "tea"))));
            }
        }

        @Test
        void makesAPageStaleWhoseRowsItWasAskedFor() {
            sources.behind.add("orders");

            assertThat(page("e1.abc").stale()).isTrue();
        }

        @Test
        void makesAPageStaleWhoseKeysItWasAskedFor() {
            sources.behind.add("keys");

            assertThat(page("e1.abc").stale()).as("without the filter").isFalse();
            assertThat(page("e1.abc", new Filter(null, "NL")).stale()).isTrue();
        }

        @Test
        void isSeenOfSourcesInMemory() {
            sources.behind.add("names");

            try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
                assertThat(compositions
                                .view(FromMemory.class, Filter.class)
                                .page(new Filter(null, null), Keyset.start(), 10)
                                .stale())
                        .isTrue();
            }
        }

        @Test
        void isSeenByALookup() {
            sources.behind.add("customers");

            try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
                Lookup<Long, Customer> lookup = compositions.lookup("customers", Long.class, Customer.class);

                assertThat(Objects.requireNonNull(lookup.find(List.of(7L)).get(7L)))
                        .isInstanceOfSatisfying(
                                Part.Found.class,
                                found -> assertThat(found.stale()).isTrue());
                assertThat(lookup.find(List.of(8L)).get(8L))
                        .isEqualTo(new Part.Unavailable<>("customers", Cause.BEHIND, null));
            }
        }

        @Test
        void isForgottenWithTheNextAttempt() {
            List<Boolean> missed = new ArrayList<>();
            CallPolicies twice = source -> attempt -> {
                sources.behind.add("customers");
                attempt.run();
                sources.behind.clear();
                Object answer = attempt.run();
                missed.add(true);
                return answer;
            };
            try (Compositions retrying = Compositions.builder()
                            .sources(sources)
                            .views(Strict.class)
                            .policies(twice)
                            .build();
                    Consistency.Scope scope = Consistency.of("e1.abc").open()) {
                Page<Strict> page = retrying.view(Strict.class, Filter.class).compose(List.of(new Order(1, 7, "tea")));

                assertThat(missed).isNotEmpty();
                assertThat(page.stale()).isFalse();
            }
        }
    }

    @Test
    void isCarriedToAThreadThatAsksInTheNameOfAnother() throws Exception {
        CallerContext context;
        try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
            context = CallerContext.capture();
        }
        CompletableFuture<Page<Row>> page = new CompletableFuture<>();
        new Thread(() -> {
                    try (CallerContext.Scope set = context.open()) {
                        page.complete(compositions
                                .view(Row.class, Filter.class)
                                .page(new Filter(null, null), Keyset.start(), 10));
                    }
                })
                .start();

        page.join();
        assertThat(sources.told)
                .containsEntry("customers", Optional.of("e1.abc"))
                .containsEntry("products", Optional.empty());
    }

    /** A source that is made of another one's page. */
    class Outer {

        @Source(name = "outer", id = "id", heedsToken = true)
        List<Customer> outer(Set<Long> ids) {
            return compositions.lookup("customers", Long.class, Customer.class).find(ids).values().stream()
                    .flatMap(part -> part.optional().stream())
                    .toList();
        }
    }

    @Test
    void isPassedOnByASourceThatIsMadeOfAPage() {
        sources.behind.add("customers");

        try (Compositions outer = Compositions.builder().sources(new Outer()).build();
                Consistency.Scope scope = Consistency.of("e1.abc").open()) {
            assertThat(outer.lookup("outer", Long.class, Customer.class)
                            .find(List.of(7L))
                            .get(7L))
                    .isInstanceOfSatisfying(
                            Part.Found.class, found -> assertThat(found.stale()).isTrue());
            assertThat(Consistency.current().isMissed()).isTrue();
        }
    }

    record City(long id) {}

    record Person(long id, @Nullable Long cityId) {}

    @ComposedView(budget = "20s")
    record Inhabited(
            @Root Order order,

            @One(source = "people", key = "order.customerId")
            Part<Person> person,

            @One(source = "cities", key = "person.cityId", join = Join.INNER)
            City city) {}

    static class Inhabitants {

        @Source(name = "people", id = "id", heedsToken = true)
        List<Person> people(Set<Long> ids) {
            Consistency.current().missed();
            return ids.stream().map(id -> new Person(id, null)).toList();
        }

        @Source(name = "cities", id = "id")
        List<City> cities(Set<Long> ids) {
            return List.of();
        }
    }

    @Test
    void isSaidOfRowsThatAreLeftOutForWhatIsStale() {
        try (Compositions inhabited = Compositions.builder()
                        .sources(new Inhabitants())
                        .views(Inhabited.class)
                        .build();
                Consistency.Scope scope = Consistency.of("e1.abc").open()) {
            Page<Inhabited> page = inhabited.view(Inhabited.class).compose(List.of(new Order(1, 7, "tea")));

            assertThat(page.rows()).isEmpty();
            assertThat(page.stale()).isTrue();
        }
    }

    /** Its first call hangs until it is told otherwise. */
    static class Slow {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final AtomicInteger calls = new AtomicInteger();

        @Source(name = "slow", id = "id")
        List<Customer> slow(Set<Long> ids) throws InterruptedException {
            int call = calls.incrementAndGet();
            if (call == 1) {
                asked.countDown();
                release.await();
            }
            return ids.stream().map(id -> new Customer(id, "call " + call)).toList();
        }
    }

    @Test
    void isNotWaitedForInACallThatHasBegunBeforeTheWrite() throws Exception {
        Slow slow = new Slow();
        try (Compositions shared =
                Compositions.builder().sources(slow).scope(() -> "everybody").build()) {
            Lookup<Long, Customer> lookup = shared.lookup("slow", Long.class, Customer.class);
            CompletableFuture<Map<Long, Part<Customer>>> before = new CompletableFuture<>();
            new Thread(() -> before.complete(lookup.find(List.of(7L)))).start();
            slow.asked.await();

            try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
                assertThat(Objects.requireNonNull(lookup.find(List.of(7L)).get(7L))
                                .optional())
                        .contains(new Customer(7, "call 2"));
            }
            slow.release.countDown();
            assertThat(Objects.requireNonNull(before.join().get(7L)).optional()).contains(new Customer(7, "call 1"));
        }
    }

    @Test
    void isToldByThePlan() {
        assertThat(compositions.view(Row.class, Filter.class).plan().toString())
                .containsPattern("order +root +orders .*heeds tokens")
                .containsPattern("customer +one +customers .*, heeds tokens")
                .containsPattern("product +one +products +order.sku +100 keys a call(\n|$)");
    }

    /** Answers that are kept are good for a page only if they have seen what it wants. */
    @Nested
    class WithACache {

        class Cached {

            private final AtomicInteger calls = new AtomicInteger();
            private volatile String name = "Ada";
            private volatile boolean behind;
            private volatile boolean away;

            @Source(
                    name = "people",
                    id = "id",
                    cache = "people",
                    freshFor = "1m",
                    staleFor = "10m",
                    forEverybody = true,
                    heedsToken = true)
            List<Customer> people(Set<Long> ids) {
                calls.incrementAndGet();
                if (behind) {
                    Consistency.current().missed();
                }
                if (away) {
                    throw new CallFailedException(Cause.CONNECTION, "away", null, null);
                }
                return ids.stream().map(id -> new Customer(id, name)).toList();
            }
        }

        private final Cached cached = new Cached();
        private final CacheManager caches = new ConcurrentMapCacheManager("people");
        private final Compositions keeping =
                Compositions.builder().sources(cached).caches(caches).build();

        @AfterEach
        void stop() {
            keeping.close();
        }

        private Part<Customer> ada() {
            return Objects.requireNonNull(keeping.lookup("people", Long.class, Customer.class)
                    .find(List.of(7L))
                    .get(7L));
        }

        private Part<Customer> ada(String token) {
            try (Consistency.Scope scope = Consistency.of(token).open()) {
                return ada();
            }
        }

        @Test
        void isAskedAgainForAPageThatWantsMore() {
            assertThat(ada().optional()).contains(new Customer(7, "Ada"));
            cached.name = "Ada L.";

            assertThat(ada().optional()).contains(new Customer(7, "Ada"));
            assertThat(ada("e1.1").optional()).contains(new Customer(7, "Ada L."));
        }

        @Test
        void isAskedOnceForOneToken() {
            ada("e1.1");
            ada("e1.1");
            ada("e1.2");

            assertThat(cached.calls).hasValue(2);
        }

        @Test
        void keepsForEverybodyWhatIsNewer() {
            ada();
            cached.name = "Ada L.";
            ada("e1.1");

            assertThat(ada().optional()).contains(new Customer(7, "Ada L."));
            assertThat(cached.calls).hasValue(2);
        }

        @Test
        void keepsNothingThatIsBehind() {
            cached.behind = true;
            assertThat(ada("e1.1"))
                    .isInstanceOfSatisfying(
                            Part.Found.class, found -> assertThat(found.stale()).isTrue());
            cached.behind = false;
            cached.name = "Ada L.";

            assertThat(ada("e1.1").optional()).contains(new Customer(7, "Ada L."));
            assertThat(ada().optional()).contains(new Customer(7, "Ada L."));
        }

        @Test
        void showsWhatIsOlderAsStaleWhileTheSourceIsAway() {
            ada();
            cached.away = true;

            assertThat(ada("e1.1"))
                    .isInstanceOfSatisfying(
                            Part.Found.class, found -> assertThat(found.stale()).isTrue());
        }
    }
}
