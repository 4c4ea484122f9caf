package dev.freehold.inbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Handles the events of one type, each exactly once in its effect on the service's own database.
 *
 * <p>The method is called in a transaction that also notes the event's id, and stores the events that the method
 * publishes; a redelivered event is not handed over again. Events of one key arrive in order, one after the other.
 * What a method does elsewhere (an HTTP call, a mail) may happen again if the transaction does not commit.
 *
 * <p>The method returns nothing and takes the event and, if it likes, an {@link EventContext}. To be told of keys that are no
 * more (tombstones, messages without payload), it takes an {@code Optional} of the event, which is empty then. If it throws, the event
 * is tried again alone a few times; then it is parked with all later ones of its key, and the others go on.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface InboxListener {

    /** Topic to listen to. */
    String topic();

    /**
     * Kafka consumer group, and the name under which handled ids are noted; by default {@code
     * spring.kafka.consumer.group-id} or else {@code spring.application.name}. Each group gets every event.
     */
    String group() default "";

    /**
     * Logical type of the events, such as {@code orders.order-placed}; by default that of the {@code @OutboxEvent} on
     * the parameter's class. Events of other types on the topic are left to other listeners.
     */
    String type() default "";

    /**
     * Schema version that the parameter's class is of, at least 1: what is older is turned into it by {@link Upcaster}s, and
     * parked if one is missing; what is newer is read as it is. By default that of the {@code @OutboxEvent} on the class,
     * or else the newest that upcasters lead to.
     */
    int version() default 0;

    /**
     * For events that tell the present state of their key: property of the event, a whole number, that grows with every
     * state, such as the entity's {@code @Version}. An event is passed over if one with a higher number has been handled for
     * its key and type, however long ago; so an old state never replaces a newer one, also if it is published again later.
     * One with the same number is handled: not every change of a state raises it. A tombstone starts the key anew. By default every event is handled once.
     */
    String newestBy() default "";
}
