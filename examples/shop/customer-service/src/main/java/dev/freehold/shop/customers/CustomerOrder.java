package dev.freehold.shop.customers;

import java.math.BigDecimal;
import java.util.UUID;

/** An order as it is shown with its customer. */
record CustomerOrder(UUID orderId, BigDecimal total, String status) {}
