package dev.freehold.quickstart.composition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.RootSourceSpec;
import dev.freehold.composition.SourceSpec;
import dev.freehold.composition.ViewSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A view without annotations and Spring. */
class PlainOrderRowTests {

    private final Orders orders = new Orders();

    private static Collection<CustomerApi.Customer> byIds(Set<Long> ids) {
        return ids.stream()
                .filter(id -> id != 9)
                .map(id -> new CustomerApi.Customer(id, "Customer " + id, "Delft"))
                .toList();
    }

    record PlainOrderRow(Order order, Part<CustomerApi.Customer> customer) {}

    private Compositions compositions() {
        return Compositions.builder()
                .rootSource(RootSourceSpec.of("orders", Order.class, Orders.OrderFilter.class, orders::page)
                        .sort("id desc"))
                .source(SourceSpec.batch("customers", Long.class, CustomerApi.Customer.class, ids -> byIds(ids))
                        .id("id"))
                .view(ViewSpec.of(PlainOrderRow.class)
                        .root("order", "orders")
                        .one("customer", "customers", "order.customerId")
                        .budget(Duration.ofSeconds(2)))
                .build();
    }

    @Test
    void isComposedAsAnyOther() {
        try (Compositions compositions = compositions()) {
            Page<PlainOrderRow> page = compositions
                    .view(PlainOrderRow.class, Orders.OrderFilter.class)
                    .page(new Orders.OrderFilter("OPEN"), Keyset.start(), 2);

            assertThat(page.isComplete()).isTrue();
            assertThat(page.rows()).extracting(row -> row.order().id()).containsExactly(4L, 2L);
            assertThat(page.rows().get(0).customer()).isEqualTo(new Part.Absent<>(9L));
        }
    }
}
