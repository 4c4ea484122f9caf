package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source that says nothing does not say that there is nothing. */
@Timeout(60)
class NullAnswerTests {

    record Order(long id) {}

    record Shipment(long id, long orderId) {}

    @ComposedView(root = "orders", budget = "20s")
    record Shipped(
            @Root Order order,
            @Many(source = "shipments", key = "order.id") Part<List<Shipment>> shipments) {}

    @ComposedView(root = "orders", budget = "20s")
    record First(
            @Root Order order,
            @One(source = "shipments", key = "order.id") Part<Shipment> shipment) {}

    static class Orders {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1), new Order(2));
        }
    }

    private static <R> List<R> rows(Class<R> view, Object... sources) {
        try (Compositions compositions =
                Compositions.builder().sources(sources).views(view).build()) {
            return compositions.view(view).page(null, Keyset.start(), 10).rows();
        }
    }

    private static <T> Part<T> unreadable() {
        return new Part.Unavailable<>("shipments", Cause.UNREADABLE, null);
    }

    /** As a client of an HTTP service gives it for an empty body. */
    @Test
    void isUnreadableInPlaceOfRows() {
        class Empty {
            @Source(name = "shipments", groupBy = "orderId")
            @Nullable
            List<Shipment> find(Set<Long> ids) {
                return null;
            }
        }
        assertThat(rows(Shipped.class, new Orders(), new Empty()))
                .extracting(Shipped::shipments)
                .containsExactly(unreadable(), unreadable());
    }

    @Test
    void isUnreadableInPlaceOfAMap() {
        class Empty {
            @Source(name = "shipments")
            @Nullable
            Map<Long, Shipment> find(Set<Long> ids) {
                return null;
            }
        }
        assertThat(rows(First.class, new Orders(), new Empty()))
                .extracting(First::shipment)
                .containsExactly(unreadable(), unreadable());
    }

    @Test
    void isUnreadableInPlaceOfRoots() {
        class Empty {
            @RootSource(name = "orders", sort = "id")
            @Nullable
            List<Order> orders(Keyset at, int limit) {
                return null;
            }

            @Source(name = "shipments")
            Map<Long, Shipment> find(Set<Long> ids) {
                return Map.of();
            }
        }
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> rows(First.class, new Empty()))
                .withMessageContaining("null in place of rows")
                .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Cause.UNREADABLE));
    }

    @Test
    void isUnreadableAmongTheRowsOfItsKey() {
        class Nulls {
            @Source(name = "shipments")
            Map<Long, List<@Nullable Shipment>> find(Set<Long> ids) {
                return Map.of(1L, List.of(new Shipment(100, 1)), 2L, Arrays.asList(new Shipment(101, 2), null));
            }
        }
        List<Shipped> rows = rows(Shipped.class, new Orders(), new Nulls());

        assertThat(rows.get(0).shipments().optional()).contains(List.of(new Shipment(100, 1)));
        assertThat(rows.get(1).shipments()).isEqualTo(unreadable());
    }

    @Test
    void isUnreadableAmongRowsThatMayBeAnyKeys() {
        class Nulls {
            @Source(name = "shipments", groupBy = "orderId")
            List<@Nullable Shipment> find(Set<Long> ids) {
                return Arrays.asList(new Shipment(101, 2), null);
            }
        }
        assertThat(rows(Shipped.class, new Orders(), new Nulls()))
                .extracting(Shipped::shipments)
                .containsExactly(unreadable(), unreadable());
    }

    /** As services do it that answer by the places of the keys. */
    @Test
    void standsForAKeyWithoutARowAmongSingleRows() {
        class Positional {
            @Source(name = "shipments", id = "orderId")
            List<@Nullable Shipment> find(Set<Long> ids) {
                return Arrays.asList(null, new Shipment(101, 2));
            }
        }
        List<First> rows = rows(First.class, new Orders(), new Positional());

        assertThat(rows.get(0).shipment()).isEqualTo(new Part.Absent<>(1L));
        assertThat(rows.get(1).shipment().optional()).contains(new Shipment(101, 2));
    }
}
