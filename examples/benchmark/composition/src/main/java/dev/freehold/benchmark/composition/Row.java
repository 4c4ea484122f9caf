package dev.freehold.benchmark.composition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a page, whoever made it. */
interface Row {

    /** A number of all that is joined to the order, and of its sequence. */
    long checksum();

    /** The one of a whole page, in its order. */
    static long checksum(List<? extends Row> page) {
        long sum = page.size();
        for (Row row : page) {
            sum = 31 * sum + row.checksum();
        }
        return sum;
    }

    /** The one of what belongs to an order; what is missing counts as nothing. */
    static long checksum(
            @Nullable Customer customer, @Nullable Address address, List<Shipment> shipments, List<Product> products) {
        long sum = customer == null ? 0 : customer.name().hashCode();
        sum = 31 * sum + (address == null ? 0 : address.city().hashCode());
        for (Shipment shipment : shipments) {
            sum = 31 * sum + shipment.number();
        }
        for (Product product : products) {
            sum = 31 * sum + product.name().hashCode();
        }
        return sum;
    }
}
