package dev.freehold.quickstart.composition;

import dev.freehold.composition.Keyset;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What this service knows itself; from memory here, from its database in a service of yours. */
@Component
class Orders {

    private final List<Order> orders = List.of(
            new Order(1, 7, "OPEN", List.of(new Order.Line("tea", 2), new Order.Line("milk", 1))),
            new Order(2, 8, "OPEN", List.of(new Order.Line("tea", 1))),
            new Order(3, 7, "DONE", List.of(new Order.Line("milk", 4))),
            new Order(4, 9, "OPEN", List.of()));

    private final Map<String, Product> products =
            Map.of("tea", new Product("tea", "Green tea", 350), "milk", new Product("milk", "Oat milk", 190));

    record OrderFilter(@Nullable String status) {}

    record Product(String sku, String name, int price) {}

    @RootSource(name = "orders", sort = "id desc", filters = "status")
    List<Order> page(OrderFilter filter, Keyset at, int limit) {
        return orders.stream()
                .filter(order -> filter.status() == null || filter.status().equals(order.status()))
                .filter(order -> at.isStart() || order.id() < at.get(0, Long.class))
                .sorted(Comparator.comparing(Order::id).reversed())
                .limit(limit)
                .toList();
    }

    @Source(name = "products", inline = true)
    Map<String, Product> products(Set<String> skus) {
        return skus.stream().filter(products::containsKey).collect(Collectors.toMap(sku -> sku, products::get));
    }
}
