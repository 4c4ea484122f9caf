package dev.freehold.outbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Takes the events of one class out of this service's own outbox, for what is no Kafka: a call of somebody's API, a mail. They
 * go nowhere else.
 *
 * <p>The method is called after the commit of the transaction that published the event, by the active relay, on one of its
 * threads, in a transaction that also notes the event's id; events of one key in the order of their commits, those of several
 * keys side by side. An event that was handled is not handed over again, but what a method does elsewhere may happen
 * again if its transaction does not commit, so tell the other side the event's id. While a call lasts, a connection is in use and
 * the relay's progress waits: give remote calls a timeout of seconds.
 *
 * <p>If the method throws, the event's key is parked, tried again after a second, and then less and less often; other keys go on.
 * After a failure no event of the class is tried for two seconds.
 *
 * <p>The method returns nothing, and takes an event whose class has {@link OutboxEvent}; and, if it likes, a {@code
 * dev.freehold.inbox.EventContext}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OutboxHandler {}
