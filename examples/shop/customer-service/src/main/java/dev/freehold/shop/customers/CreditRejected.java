package dev.freehold.shop.customers;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import java.util.UUID;

/** The customer gets no credit for the order. */
@OutboxEvent(type = "customers.credit-rejected", topic = "customers")
record CreditRejected(@EventKey UUID orderId, long customerId, String reason) {}
