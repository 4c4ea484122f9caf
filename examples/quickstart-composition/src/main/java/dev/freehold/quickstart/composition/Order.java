package dev.freehold.quickstart.composition;

import java.util.List;

/** What this service owns. */
record Order(long id, long customerId, String status, List<Line> lines) {

    record Line(String sku, int quantity) {}
}
