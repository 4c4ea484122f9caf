package dev.freehold.shop.customers;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.UUID;

/** What this service needs of the order service's {@code orders.order}. */
record OrderState(
        UUID orderId, long version, long customerId, BigDecimal total, String status, OffsetDateTime placedAt) {}
