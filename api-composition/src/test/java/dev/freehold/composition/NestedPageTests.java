package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sources that ask for pages themselves, and pages within a budget from elsewhere. */
@Timeout(60)
class NestedPageTests {

    record Order(long id, long customerId) {}

    record Customer(long id, int orders) {}

    @ComposedView(root = "orders", budget = "20s")
    record Inner(@Root Order order) {}

    @ComposedView(root = "orders", budget = "20s")
    record Outer(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    static class Sources {

        private final AtomicReference<@Nullable Compositions> compositions = new AtomicReference<>();
        private boolean hang;

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) throws InterruptedException {
            if (hang) {
                new CountDownLatch(1).await();
            }
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) {
            Compositions all = Objects.requireNonNull(compositions.get());
            int orders =
                    all.view(Inner.class).page(null, Keyset.start(), 10).rows().size();
            return ids.stream().map(id -> new Customer(id, orders)).toList();
        }
    }

    private final Sources sources = new Sources();

    @Test
    void doNotWaitForThePermitThatTheirCallerHolds() {
        try (Compositions compositions = Compositions.builder()
                .sources(sources)
                .views(Inner.class, Outer.class)
                .concurrencyOfProcess(1)
                .build()) {
            sources.compositions.set(compositions);

            Page<Outer> page = compositions.view(Outer.class).page(null, Keyset.start(), 10);

            assertThat(page.isComplete()).isTrue();
        }
    }

    @Test
    void takeNoLongerThanWhoeverWaitsForThem() {
        sources.hang = true;
        try (Compositions compositions = Compositions.builder()
                        .sources(sources)
                        .views(Inner.class)
                        .build();
                Budget.Scope scope = Budget.of(Duration.ofMillis(200)).open()) {
            View<Inner, Void> view = compositions.view(Inner.class);
            long begun = System.nanoTime();

            assertThatExceptionOfType(SourceUnavailableException.class)
                    .isThrownBy(() -> view.page(null, Keyset.start(), 10))
                    .satisfies(thrown -> assertThat(thrown.kind()).isEqualTo(Cause.TIMEOUT));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void areLimitedByTheProcessWithABudgetFromElsewhere() {
        try (Compositions compositions = Compositions.builder()
                        .sources(sources)
                        .views(Inner.class)
                        .build();
                Budget.Scope scope = Budget.of(Duration.ofSeconds(10)).open()) {
            assertThat(Budget.isInCall()).isFalse();
            assertThat(compositions
                            .view(Inner.class)
                            .page(null, Keyset.start(), 10)
                            .isComplete())
                    .isTrue();
        }
    }
}
