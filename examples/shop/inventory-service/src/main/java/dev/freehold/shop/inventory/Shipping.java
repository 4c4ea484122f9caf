package dev.freehold.shop.inventory;

import dev.freehold.inbox.InboxListener;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Ships approved orders, once each. */
@Component
class Shipping {

    private static final Logger log = LoggerFactory.getLogger(Shipping.class);

    private static final String SHIP = """
            INSERT INTO shipment (order_id)
            VALUES (:order)
            ON CONFLICT (order_id) DO NOTHING
            """;

    private static final String OF_ORDERS = """
            SELECT number, order_id, sent_at
            FROM shipment
            WHERE order_id IN (:orders)
            ORDER BY number
            """;

    private final JdbcClient jdbc;

    Shipping(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @InboxListener(topic = "order-states", type = "orders.order", newestBy = "version")
    void on(Optional<OrderState> state) {
        state.filter(OrderState::isApproved).ifPresent(order -> ship(order.orderId()));
    }

    private void ship(UUID order) {
        if (jdbc.sql(SHIP).param("order", order).update() == 1) {
            log.info("Order {} shipped", order);
        }
    }

    List<Shipment> ofOrders(Set<UUID> orders) {
        return orders.isEmpty()
                ? List.of()
                : jdbc.sql(OF_ORDERS)
                        .param("orders", orders)
                        .query(Shipment.class)
                        .list();
    }
}
