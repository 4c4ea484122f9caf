package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of calls when their page has ended. */
@Timeout(60)
class LeftoverCallTests {

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "2s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    static class Orders {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of();
        }
    }

    private static Compositions compositions(Object source) {
        return Compositions.builder()
                .sources(new Orders(), source)
                .views(Row.class)
                .build();
    }

    private static void endsWithoutAnAnswer(Compositions compositions) {
        assertThat(compositions
                        .view(Row.class)
                        .compose(List.of(new Order(1, 7)))
                        .missing())
                .extracting(Page.Missing::cause)
                .containsExactly(Cause.TIMEOUT);
    }

    private static void awaitNoneInFlight(Compositions compositions) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(compositions.callsInFlight()).containsEntry("customers", 0));
    }

    @Test
    void areNoFuturesThatNobodyHasCancelled() {
        CompletableFuture<List<Customer>> never = new CompletableFuture<>();
        class Slow {
            @Source(name = "customers", id = "id")
            CompletableFuture<List<Customer>> customers(Set<Long> ids) {
                return never;
            }
        }
        try (Compositions compositions = compositions(new Slow())) {
            endsWithoutAnAnswer(compositions);

            awaitNoneInFlight(compositions);
            assertThat(never).isCancelled();
        }
    }

    @Test
    void areCountedUntilTheSourceHasReturned() {
        CountDownLatch release = new CountDownLatch(1);
        class Stubborn {
            @Source(name = "customers", id = "id")
            List<Customer> customers(Set<Long> ids) {
                boolean released = false;
                while (!released) {
                    try {
                        release.await();
                        released = true;
                    } catch (InterruptedException ignored) {
                        // that is what it is about
                    }
                }
                return List.of();
            }
        }
        try (Compositions compositions = compositions(new Stubborn())) {
            endsWithoutAnAnswer(compositions);
            assertThat(compositions.callsInFlight()).containsEntry("customers", 1);

            release.countDown();
            awaitNoneInFlight(compositions);
        } finally {
            release.countDown();
        }
    }
}
