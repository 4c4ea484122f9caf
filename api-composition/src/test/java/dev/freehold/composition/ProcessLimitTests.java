package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many calls of several sources and pages at once. */
@Timeout(120)
class ProcessLimitTests {

    private static final int PAGES = 5;
    private static final int ORDERS = 25;

    record Order(long id) {}

    record Customer(long id) {}

    record Invoice(long id) {}

    @ComposedView(root = "orders", budget = "60s")
    record Row(
            @Root Order order,
            @One(source = "customers", key = "order.id") Part<Customer> customer,
            @One(source = "invoices", key = "order.id") Part<Invoice> invoice) {}

    static class Sources {

        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger peak = new AtomicInteger();
        private final AtomicInteger calls = new AtomicInteger();

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return LongStream.range(0, ORDERS).mapToObj(Order::new).toList();
        }

        @Source(name = "customers", id = "id", maxBatch = 1)
        List<Customer> customers(Set<Long> ids) throws InterruptedException {
            pass();
            return ids.stream().map(Customer::new).toList();
        }

        @Source(name = "invoices", id = "id", maxBatch = 1)
        List<Invoice> invoices(Set<Long> ids) throws InterruptedException {
            pass();
            return ids.stream().map(Invoice::new).toList();
        }

        private void pass() throws InterruptedException {
            peak.accumulateAndGet(inside.incrementAndGet(), Math::max);
            new Semaphore(0).tryAcquire(2, TimeUnit.MILLISECONDS); // long enough to meet others
            calls.incrementAndGet();
            inside.decrementAndGet();
        }
    }

    @Test
    void areNeverMoreThanTheProcessMayHaveAndAllAreMade() {
        Sources sources = new Sources();
        try (Compositions compositions = Compositions.builder()
                .sources(sources)
                .views(Row.class)
                .concurrency(100)
                .concurrencyOfPage(100)
                .concurrencyOfProcess(3)
                .build()) {
            View<Row, Void> view = compositions.view(Row.class);

            List<CompletableFuture<Page<Row>>> pages = new ArrayList<>();
            for (int i = 0; i < PAGES; i++) {
                pages.add(CompletableFuture.supplyAsync(
                        () -> view.page(null, Keyset.start(), 100), task -> new Thread(task).start()));
            }

            assertThat(pages).allSatisfy(page -> {
                assertThat(page.join().isComplete()).isTrue();
                assertThat(page.join().rows()).hasSize(ORDERS);
            });
            assertThat(sources.calls.get()).isEqualTo(PAGES * 2 * ORDERS);
            assertThat(sources.peak.get()).isBetween(1, 3);
        }
    }
}
