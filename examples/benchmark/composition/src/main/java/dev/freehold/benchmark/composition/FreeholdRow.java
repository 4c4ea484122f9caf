package dev.freehold.benchmark.composition;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Many;
import dev.freehold.composition.One;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import java.util.List;

/** Freehold's views. */
sealed interface FreeholdRow extends Row {

    /** For {@link Contestant#join}. */
    @ComposedView(root = "orders")
    record Joined(
            @Root Order order,

            @One(source = "customers-in-memory", key = "order.customerId")
            Part<Customer> customer,

            @Many(source = "shipments-in-memory", key = "order.id")
            Part<List<Shipment>> shipments,

            @Many(source = "products-in-memory", via = "order.lines", key = "sku")
            List<Product> products)
            implements FreeholdRow {

        @Override
        public long checksum() {
            return Row.checksum(
                    customer.optional().orElse(null), null, shipments.optional().orElse(List.of()), products);
        }
    }

    /** For {@link Contestant#page}. */
    @ComposedView(root = "orders")
    record Addressed(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @One(source = "addresses", key = "customer.addressId")
            Part<Address> address,

            @Many(source = "shipments", key = "order.id") Part<List<Shipment>> shipments,

            @Many(source = "products", via = "order.lines", key = "sku")
            List<Part<Product>> products)
            implements FreeholdRow {

        @Override
        public long checksum() {
            return Row.checksum(
                    customer.optional().orElse(null),
                    address.optional().orElse(null),
                    shipments.optional().orElse(List.of()),
                    products.stream()
                            .flatMap(product -> product.optional().stream())
                            .toList());
        }
    }

    /** For {@link Contestant#customersInBatches}. */
    @ComposedView(root = "orders")
    record OfCustomer(
            @Root Order order,

            @One(source = FreeholdSources.CUSTOMERS_IN_BATCHES, key = "order.customerId")
            Part<Customer> customer)
            implements FreeholdRow {

        @Override
        public long checksum() {
            return Row.checksum(customer.optional().orElse(null), null, List.of(), List.of());
        }
    }
}
