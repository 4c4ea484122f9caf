package dev.freehold.outbox.wiring;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;

/** Has its own name as type; not nested, for names of nested classes hold a character that types may not. */
@OutboxEvent(type = "dev.freehold.outbox.wiring.ClassNameAsType", topic = "orders")
record ClassNameAsType(@EventKey String orderId) {}
