package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a {@link ComposedView} that is the one row with a key.
 *
 * <p>It is a {@link Part}, or required. Its type is the source's row, or a record whose components are properties of that
 * row, by name.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface One {

    /** Name of the {@link Source}. */
    String source();

    /**
     * Path of the key, which begins with a component of the view: {@code order.customerId}, or {@code customer.addressId}
     * if {@code customer} is a {@code @One} itself. If it leads to null, there is no row, and nobody is asked.
     */
    String key();

    /** What becomes of the view's row if there is no row with the key. */
    Join join() default Join.LEFT;
}
