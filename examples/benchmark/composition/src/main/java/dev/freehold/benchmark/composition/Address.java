package dev.freehold.benchmark.composition;

/** One of a customer: it can be asked for only when the customer is known. */
record Address(long id, String city) {}
