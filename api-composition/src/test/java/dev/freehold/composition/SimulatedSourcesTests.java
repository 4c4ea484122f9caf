package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of views as users write them: no services, no threads, no time. */
@Timeout(10)
class SimulatedSourcesTests {

    record Order(long id, long customerId, List<String> skus, String status) {}

    record Customer(long id, String name) {}

    record Product(String sku, String name) {}

    record Shipment(long id, long orderId) {}

    record Filter(@Nullable String status, @Nullable String country) {}

    interface CustomerApi {
        @Source(name = "customers", id = "id", maxBatch = 2, heedsToken = true)
        List<Customer> byIds(Set<Long> ids);

        @KeySource(source = "customers")
        Set<Long> in(String country, int limit);
    }

    static class Others {

        private final String database;

        Others(String database) {
            this.database = database;
        }

        @RootSource(name = "orders", sort = "id desc", filters = "status")
        Slice<Order> orders(
                Filter filter, @SemiJoin("customerId") @Nullable Set<Long> customers, Keyset at, int limit) {
            throw new IllegalStateException(database);
        }

        @Source(name = "products", cache = "products", freshFor = "1m", staleFor = "1h", forEverybody = true)
        Map<String, Product> products(Set<String> skus) {
            throw new IllegalStateException(database);
        }

        @Source(name = "shipments", groupBy = "orderId", inline = true, heedsToken = true)
        List<Shipment> shipments(Set<Long> orders) {
            throw new IllegalStateException(database);
        }
    }

    @ComposedView(root = "orders", budget = "400ms")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId", filter = "country")
            Part<Customer> customer,

            @Many(source = "products", via = "order.skus") Part<List<Product>> products,

            @Many(source = "shipments", key = "order.id") List<Shipment> shipments) {}

    private final SimulatedSources sources = SimulatedSources.of(List.of(Row.class), CustomerApi.class, Others.class)
            .rows("orders", order(1, 7, "tea"), order(2, 8, "tea", "milk"), order(3, 9), order(4, 7, "milk"))
            .rows("customers", new Customer(7, "Ada"), new Customer(9, "Bob"))
            .rowsFor("products", "tea", new Product("tea", "Tea"))
            .rowsFor("products", "milk", new Product("milk", "Milk"))
            .rows("shipments", new Shipment(1, 4), new Shipment(2, 4))
            .keys("customers", "nl", 7L, 9L)
            .filter(
                    "orders",
                    (Filter filter, Order order) ->
                            filter.status() == null || filter.status().equals(order.status()))
            .latency("orders", Duration.ofMillis(15))
            .latency("customers", Duration.ofMillis(10))
            .latency("products", Duration.ofMillis(12));
    private final View<Row, Filter> view = sources.view(Row.class, Filter.class);

    private static Order order(long id, long customer, String... skus) {
        return new Order(id, customer, List.of(skus), id % 2 == 0 ? "open" : "shipped");
    }

    private Page<Row> page(Filter filter) {
        return view.page(filter, Keyset.start(), 10);
    }

    @Test
    void takeTheTimeThatTheyHang() {
        sources.hang("customers");

        Analysis analysis = page(new Filter(null, null)).analysis();

        assertThat(analysis.used()).isEqualTo(Duration.ofMillis(400));
        assertThat(analysis.steps())
                .filteredOn(step -> step.component().equals("customer"))
                .extracting(Analysis.Line::time)
                .containsExactly(Duration.ofMillis(385));
        assertThat(analysis.overhead()).isZero();
        assertThat(analysis.criticalPath()).containsExactly("order", "customer");
    }

    @Test
    @SuppressWarnings("unchecked") // as somebody who has the wrong view injected
    void refuseAnotherFilterThanTheirs() {
        View<Row, Object> wrong = (View<Row, Object>) (View<?, ?>) view;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> wrong.page("open", Keyset.start(), 10))
                .withMessage("Row filters by Filter, not by String: use a View<Row, Filter>");
    }

    @Test
    void areBehindAToken() {
        sources.behind("customers").behind("shipments").behind("products");
        Filter all = new Filter(null, null);

        assertThat(page(all).stale()).as("without a token").isFalse();
        try (Consistency.Scope scope = Consistency.of("e1.abc").open()) {
            assertThatExceptionOfType(SourceUnavailableException.class)
                    .isThrownBy(() -> page(all))
                    .satisfies(failure -> assertThat(failure.source()).isEqualTo("shipments"))
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.BEHIND));
            sources.heal("shipments");
            Row newest = page(all).rows().get(0);
            assertThat(newest.customer())
                    .isInstanceOf(Part.Found.class)
                    .extracting("stale")
                    .isEqualTo(true);
            assertThat(newest.products())
                    .as("does not heed it")
                    .extracting("stale")
                    .isEqualTo(false);
            sources.heal("customers");
            assertThat(page(all).stale()).isFalse();
        }
    }

    @Test
    void answerAsTheyAreTold() {
        Page<Row> page = page(new Filter(null, null));

        assertThat(page.rows()).extracting(row -> row.order().id()).containsExactly(4L, 3L, 2L, 1L);
        Row newest = page.rows().get(0);
        assertThat(newest.customer().optional()).contains(new Customer(7, "Ada"));
        assertThat(newest.products().optional()).contains(List.of(new Product("milk", "Milk")));
        assertThat(newest.shipments()).containsExactly(new Shipment(1, 4), new Shipment(2, 4));
        assertThat(page.rows().get(2).customer()).isEqualTo(new Part.Absent<>(8L));
        assertThat(page.isComplete()).isTrue();
    }

    @Test
    void countTheirCalls() {
        page(new Filter(null, null));

        assertThat(sources.calls()).isEqualTo(Map.of("orders", 1, "customers", 2, "products", 1, "shipments", 1));
        assertThat(sources.asked("customers")).containsExactly(List.of(7L, 9L), List.of(8L));
    }

    /** Customers and products are asked at the same time; nothing is added. */
    @Test
    void takeTheTimeOfTheirCriticalPath() {
        Page<Row> page = page(new Filter(null, null));

        assertThat(page.analysis().used()).isEqualTo(Duration.ofMillis(27));
        assertThat(page.analysis().overhead()).isZero();
        assertThat(sources.elapsed()).isEqualTo(Duration.ofMillis(27));
    }

    @Test
    void filter() {
        assertThat(page(new Filter("open", "nl")).rows())
                .extracting(row -> row.order().id())
                .containsExactly(4L);
        assertThat(page(new Filter("open", "de")).rows()).isEmpty();
    }

    @Test
    void comeInPages() {
        List<Long> ids = view.pages(new Filter(null, null), Keyset.start(), 3)
                .flatMap(page -> page.rows().stream())
                .map(row -> row.order().id())
                .toList();

        assertThat(ids).containsExactly(4L, 3L, 2L, 1L);
        assertThat(sources.calls()).containsEntry("orders", 2);
    }

    @Test
    void failAsTheyAreTold() {
        sources.fail("customers", new ConnectException("refused"));
        assertThat(page(new Filter(null, null)).missing())
                .extracting(Page.Missing::cause)
                .containsExactly(Cause.CONNECTION);

        sources.fail("customers", Cause.BREAKER_OPEN);
        assertThat(page(new Filter(null, null)).missing())
                .extracting(Page.Missing::cause)
                .containsExactly(Cause.BREAKER_OPEN);

        sources.heal("customers");
        assertThat(page(new Filter(null, null)).isComplete()).isTrue();
    }

    @Test
    void hangForTheWholeBudgetAndNoTime() {
        sources.hang("products");

        Page<Row> page = page(new Filter(null, null));

        assertThat(page.missing()).extracting(Page.Missing::cause).containsExactly(Cause.TIMEOUT);
        assertThat(page.analysis().used()).isEqualTo(Duration.ofMillis(400));
        assertThat(sources.compositions().callsInFlight())
                .allSatisfy((source, calls) -> assertThat(calls).isZero());
    }

    @Test
    void areCachedByTheSameClock() {
        page(new Filter(null, null));
        sources.forgetCalls();

        page(new Filter(null, null));
        assertThat(sources.calls()).doesNotContainKey("products");

        sources.latency("orders", Duration.ofMillis(300));
        for (int i = 0; i < 200; i++) {
            page(new Filter(null, null));
        }
        assertThat(sources.calls().get("products"))
                .as("once for each product, at different times")
                .isBetween(1, 2);

        sources.fail("products", Cause.SERVER_ERROR);
        for (int i = 0; i < 200; i++) {
            page(new Filter(null, null));
        }
        Page<Row> page = page(new Filter(null, null));
        assertThat(page.isComplete()).isTrue();
        assertThat(page.stale()).isTrue();
    }

    @Test
    void haveNothingForAKeyWithoutRows() {
        sources.rowsFor("customers", 8L);

        assertThat(page(new Filter(null, null)).rows().get(2).customer()).isEqualTo(new Part.Absent<>(8L));
    }

    @Test
    void refuseWhatTheyDoNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sources.rows("customer", new Customer(1, "Eve")))
                .withMessageContaining("Did you mean 'customers'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sources.rows("products", new Product("tea", "Tea")))
                .withMessageContaining("rowsFor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sources.rowsFor("customers", 7, new Customer(7, "Ada")))
                .withMessageContaining("keys of Long, not of Integer");
    }

    record Plain(Order order, Part<Customer> customer) {}

    /** As a service declares them, with functions that are not there in a test. */
    private static void declare(CompositionsBuilder builder) {
        builder.rootSource(RootSourceSpec.of("orders", Order.class, Filter.class, (filter, at, limit) -> {
                            throw new IllegalStateException("the database is not there");
                        })
                        .sort("id desc"))
                .source(SourceSpec.batch("customers", Long.class, Customer.class, ids -> {
                            throw new IllegalStateException("the service is not there");
                        })
                        .id("id")
                        .maxBatch(2))
                .view(ViewSpec.of(Plain.class)
                        .root("order", "orders")
                        .one("customer", "customers", "order.customerId"));
    }

    @Test
    void standInForFunctions() {
        SimulatedSources simulated = SimulatedSources.of(SimulatedSourcesTests::declare)
                .rows("orders", order(1, 7), order(2, 8), order(3, 9))
                .rows("customers", new Customer(7, "Ada"), new Customer(9, "Bob"));
        View<Plain, Filter> view = simulated.view(Plain.class, Filter.class);

        Page<Plain> page = view.page(new Filter(null, null), Keyset.start(), 10);

        assertThat(page.rows().get(1).customer()).isEqualTo(new Part.Absent<>(8L));
        assertThat(simulated.asked("customers")).containsExactly(List.of(9L, 8L), List.of(7L));
    }
}
