package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source with many calls, none of which ends, beside others in one page. */
@Timeout(60)
class FairTurnsTests {

    record Order(long id, long customerId) {}

    record Invoice(long id) {}

    record Customer(long id, long cityId) {}

    record City(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,
            @One(source = "invoices", key = "order.id") Part<Invoice> invoice,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @One(source = "cities", key = "customer.cityId") Part<City> city) {}

    static class Sources {

        private final CountDownLatch citiesAsked = new CountDownLatch(1);
        private CyclicBarrier pairs = new CyclicBarrier(1);
        private final AtomicInteger invoicesAtOnce = new AtomicInteger();
        private final AtomicInteger mostInvoicesAtOnce = new AtomicInteger();

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return LongStream.range(0, limit)
                    .mapToObj(id -> new Order(id, id % 10))
                    .toList();
        }

        @Source(name = "invoices", id = "id", maxBatch = 1)
        List<Invoice> invoices(Set<Long> ids) throws InterruptedException {
            mostInvoicesAtOnce.accumulateAndGet(invoicesAtOnce.incrementAndGet(), Math::max);
            try {
                citiesAsked.await();
                return ids.stream().map(Invoice::new).toList();
            } finally {
                invoicesAtOnce.decrementAndGet();
            }
        }

        @Source(name = "customers", id = "id", maxBatch = 1)
        List<Customer> customers(Set<Long> ids) throws InterruptedException, BrokenBarrierException {
            pairs.await();
            return ids.stream().map(id -> new Customer(id, 7)).toList();
        }

        @Source(name = "cities", id = "id")
        List<City> cities(Set<Long> ids) {
            citiesAsked.countDown();
            return ids.stream().map(City::new).toList();
        }
    }

    private final Sources sources = new Sources();

    @AfterEach
    void release() {
        sources.citiesAsked.countDown();
    }

    private Page<Row> page(CompositionsBuilder settings) {
        try (Compositions compositions =
                settings.sources(sources).views(Row.class).build()) {
            return compositions.view(Row.class).page(null, Keyset.start(), 100);
        }
    }

    @Test
    void areLeftTheirPermits() {
        Page<Row> page = page(Compositions.builder()
                .concurrency(100)
                .concurrencyOfPage(4)
                .concurrencyOfProcess(5)); // the fifth is that of the root, perhaps still to be given back

        assertThat(page.isComplete()).isTrue();
        assertThat(sources.mostInvoicesAtOnce.get()).isBetween(1, 4);
    }

    @Test
    void areNotKeptFromThePageByWhatWaitsForASource() {
        sources.pairs = new CyclicBarrier(2); // customers need two calls at once
        Page<Row> page = page(Compositions.builder()
                .concurrency("invoices", 1)
                .concurrencyOfPage(4)
                .concurrencyOfProcess(200));

        assertThat(page.isComplete()).isTrue();
        assertThat(sources.mostInvoicesAtOnce.get()).isEqualTo(1);
    }
}
