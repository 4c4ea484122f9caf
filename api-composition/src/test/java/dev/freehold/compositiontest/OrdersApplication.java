package dev.freehold.compositiontest;

import dev.freehold.composition.CallFailedException;
import dev.freehold.composition.Cause;
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
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A service with an order list whose customers may be away. */
@SpringBootApplication
public class OrdersApplication {

    public record OrderFilter(@Nullable String status) {}

    public record Order(long id, long customerId, String status) {}

    public record Customer(long id, String name) {}

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

    @Component
    static class Sources {

        volatile boolean away;

        @RootSource(name = "orders", sort = "id desc", filters = "status")
        List<Order> orders(OrderFilter filter, Keyset at, int limit) {
            long before = at.isStart() ? 100 : at.get(0, Long.class);
            return LongStream.rangeClosed(1, 10)
                    .map(id -> 11 - id)
                    .filter(id -> id < before)
                    .mapToObj(id -> new Order(id, id % 3 + 1, id % 2 == 0 ? "OPEN" : "DONE"))
                    .filter(order -> filter.status() == null || order.status().equals(filter.status()))
                    .limit(limit)
                    .toList();
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) {
            if (away) {
                throw new CallFailedException(Cause.SERVER_ERROR, "away", Duration.ofSeconds(7), null);
            }
            return ids.stream()
                    .filter(id -> id != 3)
                    .map(id -> new Customer(id, "customer " + id))
                    .toList();
        }
    }

    @RestController
    static class Pages {

        private final View<OrderRow, OrderFilter> orders;
        private final View<StrictRow, OrderFilter> strict;

        Pages(View<OrderRow, OrderFilter> orders, View<StrictRow, OrderFilter> strict) {
            this.orders = orders;
            this.strict = strict;
        }

        @GetMapping("/orders")
        Page<OrderRow> orders(@RequestParam(required = false) @Nullable String status, Keyset at) {
            return orders.page(new OrderFilter(status), at, 3);
        }

        @GetMapping("/strict")
        Page<StrictRow> strict(Keyset at) {
            return strict.page(new OrderFilter("OPEN"), at, 1);
        }
    }
}
