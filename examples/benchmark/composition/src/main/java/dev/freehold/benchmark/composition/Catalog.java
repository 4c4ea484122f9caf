package dev.freehold.benchmark.composition;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The data of all scenarios: the same wherever they are made, so that nobody has to send them. */
final class Catalog {

    private static final int ADDRESSES = 500;
    private static final int PRODUCTS = 1_000;

    private Catalog() {}

    /** That many orders, of half as many customers, with one to three lines. */
    static List<Order> orders(int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(id -> order(id, 1 + id * 7 % Math.max(1, count / 2)))
                .toList();
    }

    /** That many orders of as many customers. */
    static List<Order> ordersOfDistinctCustomers(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(id -> order(id, id)).toList();
    }

    private static Order order(long id, long customerId) {
        List<Order.Line> lines = LongStream.rangeClosed(0, id % 3)
                .mapToObj(line -> new Order.Line("sku-" + (id * 13 + line * 31) % PRODUCTS))
                .toList();
        return new Order(id, customerId, lines);
    }

    static Customer customer(long id) {
        return new Customer(id, "Customer " + id, 1 + id % ADDRESSES);
    }

    static Address address(long id) {
        return new Address(id, "City " + id);
    }

    static List<Shipment> shipments(long orderId) {
        return IntStream.range(0, (int) (orderId % 4))
                .mapToObj(i -> new Shipment(orderId * 10 + i, orderId))
                .toList();
    }

    static Product product(String sku) {
        return new Product(sku, "Product " + sku);
    }

    /** What an order must come with. */
    record Expected(
            @Nullable Customer customer, @Nullable Address address, List<Shipment> shipments, List<Product> products)
            implements Row {

        /** All that there is. */
        static Expected of(Order order) {
            Customer customer = Catalog.customer(order.customerId());
            return new Expected(
                    customer,
                    Catalog.address(customer.addressId()),
                    Catalog.shipments(order.id()),
                    order.lines().stream()
                            .map(line -> Catalog.product(line.sku()))
                            .toList());
        }

        Expected withoutAddress() {
            return new Expected(customer, null, shipments, products);
        }

        Expected withoutShipments() {
            return new Expected(customer, address, List.of(), products);
        }

        Expected withoutCustomer() {
            return new Expected(null, null, shipments, products);
        }

        Expected onlyCustomer() {
            return new Expected(customer, null, List.of(), List.of());
        }

        @Override
        public long checksum() {
            return Row.checksum(customer, address, shipments, products);
        }
    }
}
