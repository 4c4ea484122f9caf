package dev.freehold.outbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Publishes the state of a JPA entity whenever a transaction that inserted, updated or deleted it commits, so that others
 * keep a copy of what they need instead of reading the table.
 *
 * <p>What is published is not the entity but the record {@link #as}, which it is turned into before the commit. One event a
 * transaction and entity, however often it was changed in it; a deletion is a tombstone, an event without payload. The key is
 * the entity's id. The events of a key come in the order of the commits, so the last one is the present state; give them a
 * compacted topic.
 *
 * <p>Seen is what Hibernate writes row by row: changes of the entity, its embedded values and the collections that it owns.
 * Not seen are bulk statements of JPQL and SQL ({@link PublishedStates#publish} is for them), and changes of other entities
 * that the record takes values from.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface PublishedState {

    /** Logical name of the events, as {@link OutboxEvent#type}. */
    String type();

    /** Schema version of the record, at least 1. */
    int version() default 1;

    /** Kafka topic, as {@link OutboxEvent#topic}. */
    String topic();

    /**
     * What is published: a class with a constructor that takes the entity; or any class, if there is a bean of type {@code
     * Function<Entity, State>} for it. It is called inside the transaction, when everything is written, and must change
     * nothing.
     */
    Class<?> as();
}
