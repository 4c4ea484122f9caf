package dev.freehold.shop.customers;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import java.math.BigDecimal;
import java.util.UUID;

/** The customer's credit suffices for the order, and the amount is taken from it. */
@OutboxEvent(type = "customers.credit-reserved", topic = "customers")
record CreditReserved(@EventKey UUID orderId, long customerId, BigDecimal amount) {}
