package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** On which threads sources are called. */
@Timeout(60)
class WorkersTests {

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    /** Each first attempt fails. */
    static class Sources {

        private final Map<String, Thread> threads = new ConcurrentHashMap<>();
        private final AtomicInteger roots = new AtomicInteger();
        private final AtomicInteger customers = new AtomicInteger();

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) throws IOException {
            attempt("root", roots.incrementAndGet());
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) throws IOException {
            attempt("source", customers.incrementAndGet());
            return ids.stream().map(Customer::new).toList();
        }

        private void attempt(String where, int number) throws IOException {
            threads.put(where + " " + number, Thread.currentThread());
            if (number == 1) {
                throw new IOException("broken");
            }
        }
    }

    private final Sources sources = new Sources();

    private Map<String, Thread> threads() {
        RetryRegistry retries = RetryRegistry.of(
                RetryConfig.custom().waitDuration(Duration.ofMillis(1)).build());
        retries.retry("orders");
        retries.retry("customers");
        try (Compositions compositions = Compositions.builder()
                .sources(sources)
                .views(Row.class)
                .policies(new Resilience4jPolicies(
                        new Resilience4jPolicies.Registries(retries, null, null, null, null), any -> 1))
                .build()) {
            View<Row, Void> view = compositions.view(Row.class);
            ForkJoinPool.commonPool()
                    .submit(() -> view.page(null, Keyset.start(), 10))
                    .join();
        }
        assertThat(sources.threads).containsOnlyKeys("root 1", "root 2", "source 1", "source 2");
        return sources.threads;
    }

    @Test
    void areNeverThoseOfTheCommonPool() {
        assertThat(threads()).allSatisfy((attempt, thread) -> {
            assertThat(thread).as(attempt).isNotInstanceOf(ForkJoinWorkerThread.class);
            assertThat(thread.getName()).as(attempt).startsWith("composition-");
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void areVirtualWhereThereAreVirtualThreads() {
        assertThat(threads())
                .allSatisfy((attempt, thread) ->
                        assertThat(isVirtual(thread)).as(attempt).isTrue());
    }

    /** By its name: this is compiled for Java 17. */
    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException missing) {
            throw new AssertionError(missing);
        }
    }
}
