package dev.freehold.outbox.wiring;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;

/** The event of these tests, declared as it should be. */
@OutboxEvent(type = "orders.order-placed", topic = "orders")
record OrderPlaced(@EventKey String orderId) {}
