package dev.freehold.outbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the key that events are ordered by, the id of the aggregate they tell of: one record component, field or
 * no-argument method of an {@link OutboxEvent} class.
 *
 * <p>Its type is a {@code String}, {@code UUID}, whole number or enum, or a record with one such component (a typed
 * id). Its text has 1 to 255 characters and becomes the Kafka record key.
 */
@Documented
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface EventKey {}
