package dev.freehold.shop.orders;

import org.jspecify.annotations.Nullable;

/** Which orders to list; null lets all through. */
record OrderFilter(@Nullable Long customerId, @Nullable OrderStatus status) {}
