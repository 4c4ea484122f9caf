package dev.freehold.benchmark.composition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of all contestants but Freehold: what is missing is null or empty, whatever the reason. */
sealed interface PlainRow extends Row {

    /** For {@link Contestant#join}. */
    record Joined(Order order, @Nullable Customer customer, List<Shipment> shipments, List<Product> products)
            implements PlainRow {

        @Override
        public long checksum() {
            return Row.checksum(customer, null, shipments, products);
        }
    }

    /** For {@link Contestant#page}. */
    record Addressed(
            Order order,
            @Nullable Customer customer,
            @Nullable Address address,
            List<Shipment> shipments,
            List<Product> products)
            implements PlainRow {

        @Override
        public long checksum() {
            return Row.checksum(customer, address, shipments, products);
        }
    }

    /** For {@link Contestant#customersInBatches}. */
    record OfCustomer(Order order, @Nullable Customer customer) implements PlainRow {

        @Override
        public long checksum() {
            return Row.checksum(customer, null, List.of(), List.of());
        }
    }
}
