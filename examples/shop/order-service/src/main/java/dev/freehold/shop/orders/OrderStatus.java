package dev.freehold.shop.orders;

/** How far an order has come. */
enum OrderStatus {
    /** Waits for the customer service's answer. */
    PENDING,
    APPROVED,
    REJECTED
}
