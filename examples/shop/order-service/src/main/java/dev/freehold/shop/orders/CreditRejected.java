package dev.freehold.shop.orders;

import java.util.UUID;

/** What this service needs of the customer service's {@code customers.credit-rejected}. */
record CreditRejected(UUID orderId, String reason) {}
