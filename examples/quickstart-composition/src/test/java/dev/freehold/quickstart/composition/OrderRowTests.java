package dev.freehold.quickstart.composition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.Cause;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.SimulatedSources;
import dev.freehold.composition.View;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The view without services, Spring, or time that passes. */
class OrderRowTests {

    private final SimulatedSources sources = SimulatedSources.of(
                    List.of(OrderRow.class), Orders.class, CustomerApi.class, ShippingApi.class)
            .rows("orders", new Order(1, 7, "OPEN", List.of(new Order.Line("tea", 2))))
            .rows("customers", new CustomerApi.Customer(7, "Ada", "Delft"))
            .rowsFor("products", "tea", new Orders.Product("tea", "Green tea", 350));
    private final View<OrderRow, Orders.OrderFilter> view = sources.view(OrderRow.class, Orders.OrderFilter.class);

    private Page<OrderRow> page() {
        return view.page(new Orders.OrderFilter(null), Keyset.start(), 50);
    }

    @Test
    void isThereThoughShippingHangs() {
        sources.latency("customers", Duration.ofMillis(20)).hang("shipments");

        Page<OrderRow> page = page();

        assertThat(page.rows().get(0).shipments()).isEqualTo(new Part.Unavailable<>("shipments", Cause.TIMEOUT, null));
        assertThat(page.analysis().used()).isEqualTo(Duration.ofSeconds(2));
        assertThat(sources.asked("customers")).containsExactly(List.of(7L));
    }

    @Test
    void isWholeIfAllAnswer() {
        sources.rows("shipments", new ShippingApi.Shipment("p1", 1, "SENT"));

        assertThat(page().isComplete()).isTrue();
        assertThat(page().rows().get(0).products()).containsExactly(new OrderRow.ProductName("tea", "Green tea"));
    }

    @Test
    void takesTheCallsThatWereThoughtOf() {
        assertThat(view.plan().toString()).isEqualTo("""
                        EXPLAIN OrderRow  budget 2s  2 calls one after the other
                          order      root  orders     by id desc         filters status
                          customer   one   customers  order.customerId   100 keys a call
                          shipments  many  shipments  order.id           200 keys a call
                          products   many  products   order.lines[].sku  100 keys a call, required""");
    }
}
