package dev.freehold.shop.customers;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxListener;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** A copy of what this service shows of orders: no query to the order service, and none to its tables. */
@Repository
class CustomerOrders {

    private static final String SAVE = """
            INSERT INTO customer_order (order_id, customer_id, total, status, placed_at)
            VALUES (:order, :customer, :total, :status, :placedAt)
            ON CONFLICT (order_id) DO UPDATE
            SET customer_id = EXCLUDED.customer_id, total = EXCLUDED.total, status = EXCLUDED.status,
                placed_at = EXCLUDED.placed_at
            """;

    private static final String DELETE = "DELETE FROM customer_order WHERE order_id = :order";

    private static final String LATEST = """
            SELECT order_id, total, status
            FROM customer_order
            WHERE customer_id = :customer
            ORDER BY placed_at DESC
            LIMIT 100
            """;

    private final JdbcClient jdbc;

    CustomerOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** In a group of its own, so that an order whose credit cannot be reserved is shown all the same. */
    @InboxListener(topic = "order-states", type = "orders.order", newestBy = "version", group = "customer-orders")
    void on(Optional<OrderState> state, EventContext context) {
        state.ifPresentOrElse(this::save, () -> delete(context.key()));
    }

    private void save(OrderState order) {
        jdbc.sql(SAVE)
                .param("order", order.orderId())
                .param("customer", order.customerId())
                .param("total", order.total())
                .param("status", order.status())
                .param("placedAt", order.placedAt())
                .update();
    }

    private void delete(String order) {
        jdbc.sql(DELETE).param("order", UUID.fromString(order)).update();
    }

    /** The hundred latest, newest first. */
    List<CustomerOrder> of(long customer) {
        return jdbc.sql(LATEST)
                .param("customer", customer)
                .query((row, number) -> new CustomerOrder(
                        row.getObject("order_id", UUID.class), row.getBigDecimal("total"), row.getString("status")))
                .list();
    }
}
