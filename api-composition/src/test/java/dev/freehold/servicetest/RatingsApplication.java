package dev.freehold.servicetest;

import dev.freehold.composition.CallerContext;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.View;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.registry.ImportHttpServices;

/** A service with orders, whose customers are another service's, and whose ratings do what a test says. */
@SpringBootApplication
@ImportHttpServices(group = "customers", types = RatingsApplication.CustomerApi.class)
public class RatingsApplication {

    public record Order(long id, long customerId) {}

    public record Customer(long id, String name) {}

    public record Rating(long id, int stars) {}

    @ComposedView(root = "orders", budget = "20s")
    public record OrderRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "20s")
    public record StrictRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Customer customer) {}

    @ComposedView(root = "orders", budget = "20s")
    public record RatedRow(
            @Root Order order,
            @One(source = "ratings", key = "order.id") Part<Rating> rating) {}

    interface CustomerApi {

        @Source(name = "customers", id = "id", heedsToken = true)
        @PostExchange("/customers/search")
        List<Customer> byIds(@RequestBody Set<Long> ids);
    }

    interface Work {
        List<Rating> rate(Set<Long> ids);
    }

    @Component
    static class Sources {

        static final Work GOOD =
                ids -> ids.stream().map(id -> new Rating(id, 5)).toList();

        volatile Work work = GOOD;
        volatile long customer = 7;

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, customer));
        }

        /** Is always asked; what it has answered is for when it is away. */
        @Source(name = "ratings", id = "id", cache = "ratings", freshFor = "0s", staleFor = "10m", forEverybody = true)
        List<Rating> ratings(Set<Long> ids) {
            return work.rate(ids);
        }
    }

    @Bean
    CacheManager caches() {
        return new ConcurrentMapCacheManager("ratings");
    }

    @RestController
    static class Pages {

        private final View<OrderRow, Void> orders;
        private final View<StrictRow, Void> strict;
        private final View<RatedRow, Void> rated;
        private final CustomerApi customers;

        Pages(
                View<OrderRow, Void> orders,
                View<StrictRow, Void> strict,
                View<RatedRow, Void> rated,
                CustomerApi customers) {
            this.customers = customers;
            this.orders = orders;
            this.strict = strict;
            this.rated = rated;
        }

        @GetMapping("/orders")
        Page<OrderRow> orders(Keyset at) {
            return orders.page(null, at, 10);
        }

        /** On another thread, and in something else than a page. */
        @GetMapping("/later")
        Callable<Map<String, Page<OrderRow>>> later(Keyset at) {
            CallerContext caller = CallerContext.capture();
            return () -> {
                try (CallerContext.Scope scope = caller.open()) {
                    return Map.of("page", orders.page(null, at, 10));
                }
            };
        }

        @GetMapping("/direct")
        List<Customer> direct() {
            return customers.byIds(Set.of(4711L));
        }

        @GetMapping("/strict")
        Page<StrictRow> strict(Keyset at) {
            return strict.page(null, at, 10);
        }

        @GetMapping("/rated")
        Page<RatedRow> rated(Keyset at) {
            return rated.page(null, at, 10);
        }

        @GetMapping("/cacheable")
        ResponseEntity<Page<RatedRow>> cacheable(Keyset at) {
            return ResponseEntity.ok()
                    .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic())
                    .body(rated.page(null, at, 10));
        }
    }
}
