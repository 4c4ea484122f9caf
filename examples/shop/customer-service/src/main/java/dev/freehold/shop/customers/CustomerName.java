package dev.freehold.shop.customers;

/** What is shown of a customer beside other services' data: orders are those that this service has a copy of. */
record CustomerName(long id, String name, int orders) {}
