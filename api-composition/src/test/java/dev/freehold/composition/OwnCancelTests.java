package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page that ends early gives its other calls up: that is no failure of their sources. */
@Timeout(180)
class OwnCancelTests {

    record Order(long id) {}

    record Customer(long id) {}

    record Shipment(long id, long orderId) {}

    @ComposedView(root = "orders", budget = "60s")
    record Row(
            @Root Order order,
            @One(source = "customers", key = "order.id") Customer customer,
            @Many(source = "shipments", key = "order.id") Part<List<Shipment>> shipments) {}

    static class Sources {

        private volatile CountDownLatch asked = new CountDownLatch(1);

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) throws InterruptedException {
            asked.await();
            throw new IllegalStateException("required, and not there");
        }

        @Source(name = "shipments", groupBy = "orderId")
        List<Shipment> shipments(Set<Long> ids) throws InterruptedException {
            asked.countDown();
            new CountDownLatch(1).await();
            return List.of();
        }
    }

    /** Often: between the end of the page and the interrupt there is little time to see them in the wrong order. */
    @Test
    void isNothingThatABreakerHearsOf() {
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
        CircuitBreaker breaker = breakers.circuitBreaker("shipments");
        Sources sources = new Sources();
        try (Compositions compositions = Compositions.builder()
                .sources(sources)
                .views(Row.class)
                .policies(new Resilience4jPolicies(
                        new Resilience4jPolicies.Registries(null, breakers, null, null, null), any -> 0.1))
                .build()) {
            View<Row, Void> view = compositions.view(Row.class);
            for (int page = 0; page < 5_000; page++) {
                sources.asked = new CountDownLatch(1);
                assertThatExceptionOfType(SourceUnavailableException.class)
                        .isThrownBy(() -> view.page(null, Keyset.start(), 10))
                        .withMessageContaining("required, and not there");
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Objects.equals(compositions.callsInFlight().get("shipments"), 0));
        }
        assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isZero();
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }
}
