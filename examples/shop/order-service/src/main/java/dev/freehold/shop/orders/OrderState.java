package dev.freehold.shop.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/** What other services may see of an order, and keep a copy of. */
record OrderState(UUID orderId, long version, long customerId, BigDecimal total, OrderStatus status, Instant placedAt) {

    OrderState(Order order) {
        this(order.id(), order.version(), order.customerId(), order.total(), order.status(), order.placedAt());
    }
}
