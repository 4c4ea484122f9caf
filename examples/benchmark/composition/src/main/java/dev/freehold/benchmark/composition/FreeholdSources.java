package dev.freehold.benchmark.composition;

import dev.freehold.composition.Keyset;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import java.util.List;
import java.util.Set;

/** The services as Freehold's sources: those that are in memory, those that are called, and one with small batches. */
record FreeholdSources(Services services) {

    static final String CUSTOMERS_IN_BATCHES = "customers-in-batches";

    /** A view needs one; here the roots are always there. */
    @RootSource(name = "orders", sort = "id")
    List<Order> orders(Keyset at, int limit) {
        return List.of();
    }

    @Source(name = "customers-in-memory", id = "id", inline = true, maxBatch = 10_000, maxRows = 1_000_000)
    List<Customer> customersInMemory(Set<Long> ids) {
        return services.customers(ids);
    }

    @Source(name = "shipments-in-memory", groupBy = "orderId", inline = true, maxBatch = 10_000, maxRows = 1_000_000)
    List<Shipment> shipmentsInMemory(Set<Long> orderIds) {
        return services.shipments(orderIds);
    }

    @Source(name = "products-in-memory", id = "sku", inline = true, maxBatch = 10_000, maxRows = 1_000_000)
    List<Product> productsInMemory(Set<String> skus) {
        return services.products(skus);
    }

    @Source(name = "customers", id = "id", maxBatch = 200)
    List<Customer> customers(Set<Long> ids) {
        return services.customers(ids);
    }

    @Source(name = "addresses", id = "id", maxBatch = 200)
    List<Address> addresses(Set<Long> ids) {
        return services.addresses(ids);
    }

    @Source(name = "shipments", groupBy = "orderId", maxBatch = 200)
    List<Shipment> shipments(Set<Long> orderIds) {
        return services.shipments(orderIds);
    }

    @Source(name = "products", id = "sku", maxBatch = 200)
    List<Product> products(Set<String> skus) {
        return services.products(skus);
    }

    @Source(name = CUSTOMERS_IN_BATCHES, id = "id", maxBatch = Rules.FEW)
    List<Customer> customersInBatches(Set<Long> ids) {
        return services.customers(ids);
    }
}
