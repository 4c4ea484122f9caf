package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing waits for what it does not need. */
class DataFlowTests {

    record Order(long id, long buyerId, long sellerId, long warehouseId) {}

    record Person(long id, long cityId) {}

    record City(long id) {}

    record Warehouse(long id) {}

    @ComposedView(root = "orders")
    record Row(
            @Root Order order,

            @One(source = "warehouses", key = "order.warehouseId")
            Part<Warehouse> warehouse,

            @One(source = "people", key = "order.buyerId") Part<Person> buyer,
            @One(source = "people", key = "order.sellerId") Part<Person> seller,
            @One(source = "cities", key = "seller.cityId") Part<City> city) {}

    static class Sources {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of();
        }

        @Source(name = "warehouses", id = "id")
        List<Warehouse> warehouses(Set<Long> ids) {
            return ids.stream().map(Warehouse::new).toList();
        }

        @Source(name = "people", id = "id", maxBatch = 1)
        List<Person> people(Set<Long> ids) {
            return ids.stream().map(id -> new Person(id, id * 10)).toList();
        }

        @Source(name = "cities", id = "id")
        List<City> cities(Set<Long> ids) {
            return ids.stream().map(City::new).toList();
        }
    }

    /** Of all replies under way the one that was asked for last comes first. */
    private static final class LastFirst extends Random {

        private static final long serialVersionUID = 1L;

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }
    }

    @Test
    void asksForAComponentWhenItsOwnKeysAreKnown() {
        try (Compositions compositions =
                Compositions.builder().sources(new Sources()).views(Row.class).build()) {
            Plan plan = compositions.plans().iterator().next();
            SimulatedCaller caller = new SimulatedCaller(new LastFirst());

            Page<Object> page = new PageRun(
                            plan,
                            caller,
                            new Budget(caller::nanoTime, 1_000_000_000),
                            Whose.onThisThread(null),
                            null,
                            0,
                            Instant.EPOCH)
                    .compose(new Object[] {new Order(1, 2, 3, 4)});

            assertThat(page.rows())
                    .containsExactly(new Row(
                            new Order(1, 2, 3, 4),
                            found(new Warehouse(4)),
                            found(new Person(2, 20)),
                            found(new Person(3, 30)),
                            found(new City(30))));
            assertThat(caller.history())
                    .containsExactly(
                            "? warehouses",
                            "? people",
                            "? people",
                            "! people", // the seller
                            "? cities", // while the buyer and the warehouse are not known yet
                            "! cities",
                            "! people",
                            "! warehouses");
        }
    }

    private static <T> Part<T> found(T value) {
        return new Part.Found<>(value, Instant.EPOCH, false);
    }
}
