package dev.freehold.shop.orders;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order as clients see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderView(
        UUID id,
        long customerId,
        BigDecimal total,
        OrderStatus status,
        @Nullable String reason,
        Instant placedAt,
        @Nullable Instant settledAt,
        List<OrderLine> lines) {}
