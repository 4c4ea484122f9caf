package dev.freehold.benchmark.composition;

/** None to three of an order. */
record Shipment(long number, long orderId) {}
