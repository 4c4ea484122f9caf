package dev.freehold.benchmark.composition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The keys of orders, and tables of rows by their keys, for contestants that have to make them. */
final class Lookup {

    private Lookup() {}

    static Set<Long> customerIds(List<Order> orders) {
        Set<Long> ids = new HashSet<>(capacity(orders.size()));
        for (Order order : orders) {
            ids.add(order.customerId());
        }
        return ids;
    }

    static Set<Long> orderIds(List<Order> orders) {
        Set<Long> ids = new HashSet<>(capacity(orders.size()));
        for (Order order : orders) {
            ids.add(order.id());
        }
        return ids;
    }

    static Set<String> skus(List<Order> orders) {
        Set<String> skus = new HashSet<>();
        for (Order order : orders) {
            for (Order.Line line : order.lines()) {
                skus.add(line.sku());
            }
        }
        return skus;
    }

    static Set<Long> addressIds(Collection<Customer> customers) {
        Set<Long> ids = new HashSet<>(capacity(customers.size()));
        for (Customer customer : customers) {
            ids.add(customer.addressId());
        }
        return ids;
    }

    static <K, R> Map<K, R> byKey(List<R> rows, Function<R, K> key) {
        Map<K, R> table = new HashMap<>(capacity(rows.size()));
        for (R row : rows) {
            table.put(key.apply(row), row);
        }
        return table;
    }

    static <K, R> Map<K, List<R>> grouped(List<R> rows, Function<R, K> key) {
        Map<K, List<R>> table = new HashMap<>(capacity(rows.size()));
        for (R row : rows) {
            table.computeIfAbsent(key.apply(row), first -> new ArrayList<>(3)).add(row);
        }
        return table;
    }

    static List<Product> products(Order order, Map<String, Product> table) {
        List<Product> products = new ArrayList<>(order.lines().size());
        for (Order.Line line : order.lines()) {
            Product product = table.get(line.sku());
            if (product != null) {
                products.add(product);
            }
        }
        return products;
    }

    /** With which a table does not grow. */
    private static int capacity(int entries) {
        return entries * 4 / 3 + 1;
    }

    static <T> List<List<T>> batches(Collection<T> keys, int size) {
        List<T> all = List.copyOf(keys);
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            batches.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return batches;
    }
}
