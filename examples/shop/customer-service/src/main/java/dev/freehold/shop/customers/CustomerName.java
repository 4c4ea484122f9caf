package dev.freehold.shop.customers;

/** Who a customer is, for those who show a list. */
record CustomerName(long id, String name) {}
