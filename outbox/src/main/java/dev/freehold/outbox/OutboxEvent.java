package dev.freehold.outbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a class, usually a record, as an event that {@link Outbox} stores and the relay publishes.
 *
 * <p>One component must carry {@link EventKey}. The class is never named outside this JVM: rows and messages carry the
 * logical {@link #type()} and {@link #version()}, so classes can be renamed and moved freely.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OutboxEvent {

    /**
     * Logical name, unique with the version in a service: 1 to 255 characters of letters, digits, {@code . _ -}, for
     * example {@code orders.order-placed}.
     */
    String type();

    /** Schema version of the payload, at least 1. */
    int version() default 1;

    /** Kafka topic: 1 to 249 characters of letters, digits, {@code . _ -}. */
    String topic();

    /** What keeps two transactions that publish events of one key apart; see {@link KeyOrder}. */
    KeyOrder ordered() default KeyOrder.ROW_LOCK;
}
