package dev.freehold.benchmark.composition;

/** One of an order; several orders have the same one. */
record Customer(long id, String name, long addressId) {}
