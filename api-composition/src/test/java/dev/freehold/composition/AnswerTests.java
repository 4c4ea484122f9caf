package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What sources are asked with, what they answer, and what becomes of it. */
@Timeout(60)
class AnswerTests {

    /** Somebody has thought that its getter is the place to check. */
    record Order(long id, long customerId) {

        @Override
        public long customerId() {
            if (customerId < 0) {
                throw new IllegalStateException("no such customer");
            }
            return customerId;
        }
    }

    record Customer(long id) {}

    record Parcel(long orderId, String label) {}

    static class Orders {

        private final List<Order> rows = new ArrayList<>();

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return rows;
        }
    }

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "20s")
    record Parcels(
            @Root Order order,
            @Many(source = "parcels", key = "order.id") List<Parcel> parcels) {}

    private final Orders orders = new Orders();

    private <R> Page<R> page(Class<R> row, Object source) {
        try (Compositions compositions =
                Compositions.builder().sources(orders, source).views(row).build()) {
            return compositions.view(row).page(null, Keyset.start(), 100);
        }
    }

    private void orders(long... customers) {
        for (long customer : customers) {
            orders.rows.add(new Order(orders.rows.size() + 1L, customer));
        }
    }

    @Test
    void keepsEqualRowsOfAGroup() {
        orders(7);
        Parcel parcel = new Parcel(1, "books");
        class Twice {
            @Source(name = "parcels", groupBy = "orderId")
            List<Parcel> parcels(Set<Long> orderIds) {
                return List.of(parcel, new Parcel(1, "books"));
            }
        }
        assertThat(page(Parcels.class, new Twice()).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.parcels()).containsExactly(parcel, parcel));
    }

    @Test
    void countsTheRowsThatNobodyAskedFor() {
        orders(7, 8);
        class Generous {
            @Source(name = "customers", id = "id")
            List<Customer> customers(Set<Long> ids) {
                return List.of(new Customer(7), new Customer(9), new Customer(8));
            }
        }
        Page<Row> page = page(Row.class, new Generous());

        assertThat(page.rows())
                .extracting(row -> row.customer().optional().orElseThrow())
                .containsExactly(new Customer(7), new Customer(8));
        assertThat(page.isComplete()).isTrue();
        assertThat(page.analysis().steps())
                .singleElement()
                .satisfies(line -> assertThat(line.unknown()).isEqualTo(1));
        assertThat(page.analysis().toString()).contains("1 rows that were not asked for");
    }

    /** So that equal pages make equal requests, which somebody may have an answer to already. */
    @Test
    void asksForKeysInTheOrderInWhichTheyAreSeenFirst() {
        orders(30, 4, 30, 500, 17, 4, 1, 92, 2);
        List<List<Long>> asked = new CopyOnWriteArrayList<>();
        class Noting {
            @Source(name = "customers", id = "id", maxBatch = 4)
            List<Customer> customers(Set<Long> ids) {
                asked.add(List.copyOf(ids));
                return ids.stream().map(Customer::new).toList();
            }
        }
        assertThat(page(Row.class, new Noting()).isComplete()).isTrue();

        assertThat(asked).containsExactlyInAnyOrder(List.of(30L, 4L, 500L, 17L), List.of(1L, 92L, 2L));
    }

    @Test
    void isMissingInTheOneRowWhoseKeyCannotBeRead() {
        orders(7, -1, 8);
        class Customers {
            @Source(name = "customers", id = "id")
            List<Customer> customers(Set<Long> ids) {
                return ids.stream().map(Customer::new).toList();
            }
        }
        Page<Row> page = page(Row.class, new Customers());

        assertThat(page.rows())
                .extracting(row -> row.customer().optional().map(Customer::id).orElse(null))
                .containsExactly(7L, null, 8L);
        assertThat(page.missing())
                .containsExactly(new Page.Missing("customer", "customers", Cause.UNREADABLE, null, 1));
    }

    @Test
    void isTooLargeIfItNeverEnds() {
        orders(7);
        AtomicBoolean closed = new AtomicBoolean();
        class Endless {
            @Source(name = "customers", id = "id", maxRows = 100)
            Stream<Customer> customers(Set<Long> ids) {
                return Stream.iterate(new Customer(7), last -> new Customer(last.id() + 1))
                        .onClose(() -> closed.set(true));
            }
        }
        assertThat(page(Row.class, new Endless()).rows().get(0).customer())
                .isEqualTo(new Part.Unavailable<>("customers", Cause.TOO_LARGE, null));
        assertThat(closed).isTrue();
    }

    record Strict(long id) {

        Strict {
            if (id == 13) {
                throw new IllegalArgumentException("13");
            }
        }
    }

    record Batch(long id, List<Long> customerIds) {}

    @ComposedView(budget = "20s")
    record Mixed(
            @Root Batch batch,
            @One(source = "customers", key = "batch.id") Part<Strict> strict,

            @Many(source = "customers", via = "batch.customerIds")
            Part<List<Customer>> all) {}

    static class Customers {

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) {
            return ids.stream().map(Customer::new).toList();
        }
    }

    /** One component's record refuses a row, which another component of the same source shows, too. */
    @Test
    void isUnavailableToAllComponentsOfASourceThatShowARowWhichCannotBeTaken() {
        try (Compositions compositions = Compositions.builder()
                .sources(new Customers())
                .views(Mixed.class)
                .build()) {
            Page<Mixed> page = compositions
                    .view(Mixed.class)
                    .compose(List.of(new Batch(13, List.of(13L, 14L)), new Batch(14, List.of(14L))));

            assertThat(page.rows().get(0).strict())
                    .isEqualTo(new Part.Unavailable<>("customers", Cause.UNREADABLE, null));
            assertThat(page.rows().get(0).all()).isEqualTo(new Part.Unavailable<>("customers", Cause.UNREADABLE, null));
            assertThat(page.rows().get(1).all().optional()).contains(List.of(new Customer(14)));
        }
    }
}
