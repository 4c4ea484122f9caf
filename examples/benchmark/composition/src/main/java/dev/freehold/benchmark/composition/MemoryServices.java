package dev.freehold.benchmark.composition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Answers from arrays, as cheaply as can be, so that what is measured is the caller's. */
final class MemoryServices implements Services {

    private final Customer[] customers;
    private final Address[] addresses;
    private final List<List<Shipment>> shipments;
    private final Map<String, Product> products = new HashMap<>();

    /** Knows all that belongs to these orders, whose ids are 1 and the numbers behind it. */
    MemoryServices(List<Order> orders) {
        long lastCustomer = orders.stream().mapToLong(Order::customerId).max().orElse(0);
        customers = LongStream.rangeClosed(0, lastCustomer)
                .mapToObj(Catalog::customer)
                .toArray(Customer[]::new);
        long lastAddress = LongStream.rangeClosed(0, lastCustomer)
                .map(id -> customers[(int) id].addressId())
                .max()
                .orElse(0);
        addresses = LongStream.rangeClosed(0, lastAddress)
                .mapToObj(Catalog::address)
                .toArray(Address[]::new);
        shipments = LongStream.rangeClosed(0, orders.size())
                .mapToObj(Catalog::shipments)
                .toList();
        orders.forEach(order -> order.lines().forEach(line -> products.computeIfAbsent(line.sku(), Catalog::product)));
    }

    @Override
    public List<Customer> customers(Collection<Long> ids) {
        List<Customer> found = new ArrayList<>(ids.size());
        for (long id : ids) {
            found.add(customers[(int) id]);
        }
        return found;
    }

    @Override
    public List<Address> addresses(Collection<Long> ids) {
        List<Address> found = new ArrayList<>(ids.size());
        for (long id : ids) {
            found.add(addresses[(int) id]);
        }
        return found;
    }

    @Override
    public List<Shipment> shipments(Collection<Long> orderIds) {
        List<Shipment> found = new ArrayList<>(orderIds.size() * 3 / 2);
        for (long id : orderIds) {
            found.addAll(shipments.get((int) id));
        }
        return found;
    }

    @Override
    public List<Product> products(Collection<String> skus) {
        List<Product> found = new ArrayList<>(skus.size());
        for (String sku : skus) {
            Product product = products.get(sku);
            if (product != null) {
                found.add(product);
            }
        }
        return found;
    }
}
