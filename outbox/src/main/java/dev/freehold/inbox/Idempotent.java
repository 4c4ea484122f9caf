package dev.freehold.inbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a method's effects on the service's database happen once for each message: for methods that something else than the
 * inbox calls, such as {@code @KafkaListener}, {@code @RabbitListener} or a web request's handler.
 *
 * <p>The method runs in a transaction that also notes the message's id: the one of the caller, or one of its own. If the id
 * is noted already, the method is passed over and returns null. If another transaction is handling the same id, waits for
 * its outcome. If the method throws, nothing is noted; what becomes of the message is up to the caller, so there is no
 * parking, and no order beyond the caller's. Prefer {@link InboxListener} where it fits.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {

    /** Name under which handled ids are noted, 1 to 255 characters; it must stay the same for ever. */
    String consumer();

    /**
     * What makes the message the same one: a Spring expression over the parameters, such as {@code #payment.id()}. By
     * default the id that the message brings along, if a parameter is a Kafka {@code ConsumerRecord} or a Spring {@code
     * Message}: that of CloudEvents, Debezium's or AMQP's; for a Kafka record without any, its topic, partition and offset.
     */
    String id() default "";
}
