package dev.freehold.shop.orders;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import java.math.BigDecimal;
import java.util.UUID;

/** A customer wants to buy; the customer service answers whether the credit suffices. */
@OutboxEvent(type = "orders.order-placed", topic = "orders")
record OrderPlaced(@EventKey UUID orderId, long customerId, BigDecimal total) {}
