package dev.freehold.benchmark.composition;

/** One of a line of an order. */
record Product(String sku, String name) {}
