package dev.freehold.quickstart;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import java.math.BigDecimal;
import java.util.UUID;

/** What happened. Events of one key arrive in the order of their commits. */
@OutboxEvent(type = "orders.order-placed", topic = "orders")
record OrderPlaced(@EventKey UUID orderId, BigDecimal total) {}
