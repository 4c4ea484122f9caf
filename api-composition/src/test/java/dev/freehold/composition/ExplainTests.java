package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExplainTests {

    record Filter(String status) {}

    record Line(String sku) {}

    record Order(long id, long customerId, List<Line> lines) {}

    record Customer(long id, long addressId) {}

    record Address(long id) {}

    record Product(String sku) {}

    record Shipment(long id, long orderId) {}

    static class Sources {

        @RootSource(name = "orders", sort = "id", filters = "status")
        List<Order> orders(Filter filter, Keyset at, int limit) {
            return LongStream.range(0, 50)
                    .mapToObj(id -> new Order(id, id % 31, List.of(new Line("sku " + id), new Line("tea"))))
                    .toList();
        }

        @Source(name = "customers", id = "id", maxBatch = 20)
        List<Customer> customers(Set<Long> ids) {
            return ids.stream().map(id -> new Customer(id, 1)).toList();
        }

        @Source(name = "addresses")
        Address address(long id) {
            return new Address(id);
        }

        @Source(name = "shipments", groupBy = "orderId")
        List<Shipment> shipments(Set<Long> orders) throws ConnectException {
            throw new ConnectException("refused");
        }

        @Source(name = "products")
        Map<String, Product> products(Set<String> skus) {
            return skus.stream().collect(Collectors.toMap(sku -> sku, Product::new));
        }
    }

    @ComposedView(root = "orders", budget = "20s")
    record OrderRow(
            @Root Order order,

            @One(source = "addresses", key = "customer.addressId")
            Part<Address> address,

            @One(source = "customers", key = "order.customerId", join = Join.INNER)
            Customer customer,

            @Many(source = "shipments", key = "order.id") Part<List<Shipment>> shipments,

            @Many(source = "products", via = "order.lines", key = "sku")
            List<Product> products) {}

    private final Compositions compositions =
            Compositions.builder().sources(new Sources()).views(OrderRow.class).build();
    private final View<OrderRow, Filter> view = compositions.view(OrderRow.class, Filter.class);

    @AfterEach
    void close() {
        compositions.close();
    }

    @Test
    void tellsThePlan() {
        assertThat(view.plan().toString().lines())
                .containsExactly(
                        "EXPLAIN OrderRow  budget 20s  3 calls one after the other",
                        "  order      root  orders     by id               filters status",
                        "  customer   one   customers  order.customerId    20 keys a call, required, rows without are left out",
                        "  shipments  many  shipments  order.id            100 keys a call",
                        "  products   many  products   order.lines[].sku   100 keys a call, required",
                        "  address    one   addresses  customer.addressId  a call a key");
    }

    static class InMemory {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of();
        }

        @Source(name = "customers", id = "id", inline = true)
        List<Customer> customers(Set<Long> ids) {
            return List.of();
        }

        @Source(name = "addresses", id = "id")
        List<Address> addresses(Set<Long> ids) {
            return List.of();
        }
    }

    @ComposedView(root = "orders", budget = "20s", maxStages = 2)
    record InMemoryRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @One(source = "addresses", key = "customer.addressId")
            Part<Address> address) {}

    /** Nobody waits for what is in memory. */
    @Test
    void countsNoCallsToSourcesOnTheThreadOfThePage() {
        try (Compositions inMemory = Compositions.builder()
                .sources(new InMemory())
                .views(InMemoryRow.class)
                .build()) {
            Plan plan = inMemory.view(InMemoryRow.class).plan();

            assertThat(plan.stages()).isEqualTo(2);
            assertThat(plan.toString()).startsWith("EXPLAIN InMemoryRow  budget 20s  2 calls one after the other");
        }
    }

    @Test
    void drawsThePlan() {
        assertThat(view.plan().toMermaid()).isEqualTo("""
                flowchart LR
                  order["order<br/><i>orders</i>"]
                  customer["customer<br/><i>customers</i>"]
                  shipments["shipments<br/><i>shipments</i>"]
                  products["products<br/><i>products</i>"]
                  address["address<br/><i>addresses</i>"]
                  order -->|"order.customerId"| customer
                  order -.->|"order.id"| shipments
                  order -->|"order.lines[].sku"| products
                  customer -.->|"customer.addressId"| address
                """);
    }

    @Test
    void tellsHowAPageWasMade() {
        Analysis analysis = view.page(new Filter("OPEN"), Keyset.start(), 50).analysis();

        assertThat(analysis.rows()).isEqualTo(50);
        assertThat(analysis.complete()).isFalse();
        assertThat(analysis.steps())
                .extracting(Analysis.Line::component, Analysis.Line::keys, Analysis.Line::asked, Analysis.Line::calls)
                .containsExactly(
                        tuple("customer", 50, 31, 2),
                        tuple("shipments", 50, 50, 1),
                        tuple("products", 100, 51, 1),
                        tuple("address", 50, 1, 1));
        assertThat(analysis.criticalPath()).startsWith("order");
        assertThat(analysis.used()).isGreaterThanOrEqualTo(analysis.overhead());
        assertThat(analysis.toString().replaceAll("[0-9.]+ms|[0-9]+s(?=[ \n])", "#"))
                .startsWith(
                        "EXPLAIN ANALYZE OrderRow  budget 20s, used #  6 calls  INCOMPLETE\n".replace("20s,", "20s,"))
                .contains("  shipments  shipments  50 keys  50 asked  1 calls  #  UNAVAILABLE CONNECTION\n")
                .contains("critical path: order -> ")
                .contains("; overhead #");
    }
}
