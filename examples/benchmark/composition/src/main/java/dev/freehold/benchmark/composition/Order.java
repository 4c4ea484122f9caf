package dev.freehold.benchmark.composition;

import java.util.List;

/** A root row: what the service that makes the page has itself. */
record Order(long id, long customerId, List<Line> lines) {

    record Line(String sku) {}
}
