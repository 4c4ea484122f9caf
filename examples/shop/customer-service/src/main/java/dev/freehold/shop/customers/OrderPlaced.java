package dev.freehold.shop.customers;

import java.math.BigDecimal;
import java.util.UUID;

/** What this service needs of the order service's {@code orders.order-placed}. */
record OrderPlaced(UUID orderId, long customerId, BigDecimal total) {}
