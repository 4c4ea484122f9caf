package dev.freehold.shop.orders;

import org.jspecify.annotations.Nullable;

/** Which orders to list; null lets all through. Customers' names are known to the customer service only. */
record OrderFilter(
        @Nullable Long customerId,
        @Nullable OrderStatus status,
        @Nullable String customerName) {}
