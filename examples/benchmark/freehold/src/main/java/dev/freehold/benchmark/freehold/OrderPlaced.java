package dev.freehold.benchmark.freehold;

import dev.freehold.benchmark.Order;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;

/** The benchmark's order as an event. */
@OutboxEvent(type = "benchmark.order-placed", topic = OrderPlaced.TOPIC)
record OrderPlaced(
        long number,
        @EventKey String key,
        String customer,
        String street,
        String city,
        String currency,
        long cents,
        String state,
        String note) {

    static final String TOPIC = "orders";

    static OrderPlaced of(Order order) {
        return new OrderPlaced(
                order.number(),
                order.key(),
                order.customer(),
                order.street(),
                order.city(),
                order.currency(),
                order.cents(),
                order.state(),
                order.note());
    }
}
