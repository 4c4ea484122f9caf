package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows of one source without a view, and views around rows that are there. */
@Timeout(60)
class LookupTests {

    record Customer(long id, String name) {}

    record Shipment(long id, long orderId) {}

    record Order(long id, long customerId) {}

    static class Sources {

        final List<Set<Long>> asked = new ArrayList<>();

        @Source(name = "customers", id = "id", maxBatch = 2)
        synchronized List<Customer> customers(Set<Long> ids) {
            asked.add(ids);
            if (ids.contains(13L)) {
                throw new IllegalStateException("unlucky");
            }
            return ids.stream()
                    .filter(id -> id < 100)
                    .map(id -> new Customer(id, "customer " + id))
                    .toList();
        }

        @Source(name = "shipments", groupBy = "orderId")
        List<Shipment> shipments(Set<Long> ids) {
            return List.of(new Shipment(1, 7), new Shipment(2, 7));
        }
    }

    @ComposedView(budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    private final Sources sources = new Sources();
    private final Compositions compositions =
            Compositions.builder().sources(sources).views(Row.class).build();

    @AfterEach
    void close() {
        compositions.close();
    }

    @Test
    void findEachKeyOnceInTheirOrder() {
        Lookup<Long, Customer> lookup = compositions.lookup("customers", Long.class, Customer.class);

        var found = lookup.find(List.of(9L, 8L, 9L, 700L, 7L));

        assertThat(found.keySet()).containsExactly(9L, 8L, 700L, 7L);
        assertThat(found.get(9L))
                .extracting(part -> part.optional().orElseThrow())
                .isEqualTo(new Customer(9, "customer 9"));
        assertThat(found).contains(entry(700L, new Part.Absent<>(700L)));
        assertThat(sources.asked).containsExactlyInAnyOrder(Set.of(9L, 8L), Set.of(700L, 7L));
    }

    @Test
    void sayWhatIsUnavailable() {
        assertThat(compositions.lookup("customers", Long.class, Customer.class).find(List.of(13L, 14L, 15L)))
                .contains(
                        entry(13L, new Part.Unavailable<>("customers", Cause.ERROR, null)),
                        entry(14L, new Part.Unavailable<>("customers", Cause.ERROR, null)))
                .hasEntrySatisfying(15L, part -> assertThat(part.optional()).isPresent());
    }

    @Test
    void findManyRows() {
        assertThat(compositions
                        .lookupMany("shipments", Long.class, Shipment.class)
                        .find(List.of(7L, 8L)))
                .hasEntrySatisfying(
                        7L,
                        part -> assertThat(part.optional()).contains(List.of(new Shipment(1, 7), new Shipment(2, 7))))
                .hasEntrySatisfying(8L, part -> assertThat(part.optional()).contains(List.of()));
    }

    @Test
    void findNothingForNoKeys() {
        assertThat(compositions.lookup("customers", Long.class, Customer.class).find(List.of()))
                .isEmpty();
        assertThat(sources.asked).isEmpty();
    }

    @Test
    void areToldByTheTypesOfTheSources() {
        assertThat(compositions.sourceTypes())
                .containsExactly(
                        entry("customers", new Compositions.SourceTypes(Long.class, Customer.class, false)),
                        entry("shipments", new Compositions.SourceTypes(Long.class, Shipment.class, true)));
    }

    @Test
    void refuseWhatTheSourceDoesNotHave() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> compositions.lookup("customer", Long.class, Customer.class))
                .withMessageContaining("'customer' is no source here")
                .withMessageContaining("customers");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> compositions.lookup("shipments", Long.class, Shipment.class))
                .withMessageContaining("use lookupMany(\"shipments\", Long.class, Shipment.class)");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> compositions.lookup("customers", String.class, Customer.class))
                .withMessageContaining("use lookup(\"customers\", Long.class, Customer.class)");
    }

    @Test
    void viewsWithoutARootAreComposed() {
        View<Row, Void> view = compositions.view(Row.class);

        assertThat(view.compose(List.of(new Order(1, 7))).rows())
                .extracting(row -> row.customer().optional().orElseThrow().name())
                .containsExactly("customer 7");
        assertThatIllegalStateException()
                .isThrownBy(() -> view.page(null, Keyset.start(), 10))
                .withMessageContaining("Row has no root source to ask for rows: use compose");
        assertThat(view.plan().toString()).isEqualTo("""
                EXPLAIN Row  budget 20s  1 call
                  order     root  given
                  customer  one   customers  order.customerId  2 keys a call""");
    }
}
