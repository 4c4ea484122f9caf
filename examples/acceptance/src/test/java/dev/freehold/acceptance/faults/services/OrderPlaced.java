package dev.freehold.acceptance.faults.services;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import java.math.BigDecimal;
import java.util.UUID;

/**
 * A customer has ordered.
 *
 * @param number counts the orders of the customer in the order of their commits, from 1
 */
@OutboxEvent(type = "faults.order-placed", topic = "orders")
record OrderPlaced(@EventKey String customer, long number, UUID orderId, BigDecimal total) {}
