package dev.freehold.deploy.monitoring;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;

/** What the watched service publishes and receives. */
@OutboxEvent(type = "orders.order-placed", topic = OrderPlaced.TOPIC)
record OrderPlaced(@EventKey String order) {

    static final String TOPIC = "watched-orders";

    /** The order that the listener throws at. */
    static final String POISON = "poison";
}
