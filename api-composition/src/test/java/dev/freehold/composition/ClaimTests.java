package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** Pages that lack some of the same keys in the cache at the same time. */
@Timeout(120)
class ClaimTests {

    record Order(long id) {}

    record Product(long id, String name) {}

    @ComposedView(budget = "30s", root = "orders")
    record Row(
            @Root Order order,

            @One(source = "products", key = "order.id") Part<Product> product) {}

    @ComposedView(budget = "100ms", root = "orders")
    record QuickRow(
            @Root Order order,

            @One(source = "products", key = "order.id") Part<Product> product) {}

    static class Sources {

        final Map<Long, AtomicInteger> asked = new ConcurrentHashMap<>();
        final AtomicInteger calls = new AtomicInteger();
        volatile CountDownLatch release = new CountDownLatch(0);
        volatile boolean fails;

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of();
        }

        @Source(name = "products", id = "id", cache = "products", forEverybody = true, maxBatch = 1_000)
        List<Product> products(Set<Long> ids) throws InterruptedException {
            ids.forEach(
                    id -> asked.computeIfAbsent(id, any -> new AtomicInteger()).incrementAndGet());
            calls.incrementAndGet();
            release.await();
            if (fails) {
                throw new IllegalStateException("fails");
            }
            return ids.stream().map(id -> new Product(id, "product " + id)).toList();
        }
    }

    private final Sources sources = new Sources();
    private final Compositions compositions = Compositions.builder()
            .sources(sources)
            .views(Row.class, QuickRow.class)
            .caches(new ConcurrentMapCacheManager("products"))
            .concurrency(1_000)
            .concurrencyOfProcess(1_000)
            .build();

    @AfterEach
    void close() {
        sources.release.countDown();
        compositions.close();
    }

    private static List<Order> orders(long from, long to) {
        return LongStream.range(from, to).mapToObj(Order::new).toList();
    }

    private CompletableFuture<Page<Row>> begin(List<Order> orders) {
        CompletableFuture<Page<Row>> page = new CompletableFuture<>();
        new Thread(() -> page.complete(compositions.view(Row.class).compose(orders))).start();
        return page;
    }

    private static void isWhole(Page<Row> page) {
        assertThat(page.isComplete()).isTrue();
        assertThat(page.rows())
                .allSatisfy(row -> assertThat(row.product().optional())
                        .contains(new Product(
                                row.order().id(), "product " + row.order().id())));
    }

    @Test
    void askForEachKeyOnceTogether() {
        sources.release = new CountDownLatch(1);
        CompletableFuture<Page<Row>> first = begin(orders(0, 6));
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 1);
        CompletableFuture<Page<Row>> second = begin(orders(3, 9));
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 2);
        CompletableFuture<Page<Row>> third = begin(orders(0, 10));
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 3);
        sources.release.countDown();

        isWhole(first.join());
        isWhole(second.join());
        isWhole(third.join());
        assertThat(sources.asked)
                .hasSize(10)
                .allSatisfy((id, times) ->
                        assertThat(times.get()).as("asked for " + id).isEqualTo(1));
    }

    /** A thousand threads, keys that nobody knows, and each is asked for once. */
    @Test
    void makeNoStampede() throws Exception {
        int threads = 1_000;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<CompletableFuture<Page<Row>>> pages = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Random random = new Random(i);
            CompletableFuture<Page<Row>> page = new CompletableFuture<>();
            pages.add(page);
            new Thread(() -> {
                        try {
                            start.await();
                            long from = random.nextInt(100);
                            page.complete(compositions.view(Row.class).compose(orders(from, from + 50)));
                        } catch (Exception failed) {
                            page.completeExceptionally(failed);
                        }
                    })
                    .start();
        }
        for (CompletableFuture<Page<Row>> page : pages) {
            isWhole(page.get());
        }
        assertThat(sources.asked)
                .allSatisfy((id, times) ->
                        assertThat(times.get()).as("asked for " + id).isEqualTo(1));
    }

    @Test
    void askThemselvesIfTheOthersHaveNoMoreTime() {
        sources.release = new CountDownLatch(1);
        CompletableFuture<Page<QuickRow>> quick = new CompletableFuture<>();
        new Thread(() -> quick.complete(compositions.view(QuickRow.class).compose(orders(0, 5)))).start();
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 1);

        CompletableFuture<Page<Row>> patient = begin(orders(3, 8));
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() >= 2);
        assertThat(quick.join().missing()).extracting(Page.Missing::cause).containsExactly(Cause.TIMEOUT);
        sources.release.countDown();

        isWhole(patient.join());
    }

    /** Between the look into the cache and the claim another page may have got its answer, put it there and gone. */
    @Test
    void lookAgainWithTheKeysClaimed() {
        AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
        ConcurrentMapCacheManager manager = new ConcurrentMapCacheManager() {
            @Override
            protected Cache createConcurrentMapCache(String name) {
                return new ConcurrentMapCache(name) {
                    @Override
                    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
                        T found = super.get(key, type);
                        Runnable once = key.toString().contains("key=4") ? meanwhile.getAndSet(null) : null;
                        if (once != null) {
                            once.run();
                        }
                        return found;
                    }
                };
            }
        };
        try (Compositions own = Compositions.builder()
                .sources(sources)
                .views(Row.class)
                .caches(manager)
                .build()) {
            View<Row, Void> view = own.view(Row.class);
            meanwhile.set(() -> isWhole(view.compose(orders(2, 4))));

            isWhole(view.compose(orders(0, 5)));

            assertThat(sources.asked)
                    .hasSize(5)
                    .allSatisfy((id, times) ->
                            assertThat(times.get()).as("asked for " + id).isEqualTo(1));
        }
    }

    record Stock(long id, int left) {}

    @ComposedView(budget = "2s")
    record StockedRow(
            @Root Order order,

            @One(source = "products", key = "order.id") Part<Product> product,

            @One(source = "stocks", key = "order.id") Part<Stock> stock) {}

    /** What others have asked for takes no turn of this page's. */
    @Test
    void leaveTheOtherSourcesTheirTurnsThoughTheyWaitForManyCalls() {
        class Stocks {
            @Source(name = "stocks", id = "id")
            List<Stock> stocks(Set<Long> ids) {
                return ids.stream().map(id -> new Stock(id, 1)).toList();
            }
        }
        sources.release = new CountDownLatch(1);
        try (Compositions own = Compositions.builder()
                .sources(sources, new Stocks())
                .views(Row.class, StockedRow.class)
                .caches(new ConcurrentMapCacheManager("products"))
                .concurrency(1_000)
                .build()) {
            for (int i = 0; i < 20; i++) {
                List<Order> one = orders(i, i + 1);
                new Thread(() -> own.view(Row.class).compose(one)).start();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 20);

            Page<StockedRow> page = own.view(StockedRow.class).compose(orders(0, 20));

            assertThat(page.rows())
                    .allSatisfy(row -> assertThat(row.stock().optional()).isPresent());
            assertThat(page.missing()).extracting(Page.Missing::source).containsExactly("products");
            sources.release.countDown();
        }
    }

    @Test
    void leaveNothingClaimed() {
        sources.fails = true;
        Page<Row> failed = begin(orders(0, 3)).join();
        assertThat(failed.isComplete()).isFalse();
        sources.fails = false;

        isWhole(begin(orders(0, 3)).join());
        assertThat(sources.asked.values())
                .allSatisfy(times -> assertThat(times.get()).isEqualTo(2));
        isWhole(begin(orders(0, 3)).join());
        assertThat(sources.asked.values())
                .as("now the cache knows them")
                .allSatisfy(times -> assertThat(times.get()).isEqualTo(2));
        assertThat(Objects.requireNonNull(compositions.callsInFlight().get("products")))
                .isZero();
    }
}
