package dev.freehold.benchmark.composition;

import java.util.List;

/** A way to compose pages. Safe for use by several threads. */
interface Contestant extends AutoCloseable {

    /** With customers, shipments and products that are in memory: on the calling thread, if it can. */
    List<? extends Row> join(List<Order> orders);

    /** With customers, their addresses, shipments and products, each of which is a call that takes its time. */
    List<? extends Row> page(List<Order> orders);

    /** With customers alone, {@link Rules#FEW} keys a call, and {@link Rules#FEW_CALLS} calls at once if it can limit them. */
    List<? extends Row> customersInBatches(List<Order> orders);

    /** How many calls are under way or hold a permit, also such that nobody waits for any more. */
    int callsInFlight();

    @Override
    default void close() {}
}
