package dev.freehold.benchmark.composition;

import java.util.ArrayList;
import java.util.List;

/** A call for each row and component, one after the other: what object mappers do if nobody looks. */
final class OneByOneContestant implements Contestant {

    private final Services services;

    OneByOneContestant(Services services) {
        this.services = services;
    }

    @Override
    public List<? extends Row> page(List<Order> orders) {
        return orders.stream().map(this::row).toList();
    }

    private Row row(Order order) {
        Customer customer = services.customers(List.of(order.customerId())).get(0);
        Address address = services.addresses(List.of(customer.addressId())).get(0);
        List<Shipment> shipments = services.shipments(List.of(order.id()));
        List<Product> products = new ArrayList<>();
        for (Order.Line line : order.lines()) {
            products.addAll(services.products(List.of(line.sku())));
        }
        return new PlainRow.Addressed(order, customer, address, shipments, products);
    }

    @Override
    public List<? extends Row> join(List<Order> orders) {
        throw new UnsupportedOperationException("a look-up in memory is no call");
    }

    @Override
    public List<? extends Row> customersInBatches(List<Order> orders) {
        throw new UnsupportedOperationException("it has no batches");
    }

    @Override
    public int callsInFlight() {
        return 0;
    }
}
