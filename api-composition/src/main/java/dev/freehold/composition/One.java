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

    /**
     * A component of the filter by which rows are found through this source, with a semi-join: its {@link KeySource} is asked first for the
     * keys that match that component, if it is not null, and the root source then for rows that have one of them, which it takes as a
     * {@link SemiJoin}. Empty: none. The key must be a property of the root.
     */
    String filter() default "";

    /** What becomes of the view's row if there is no row with the key. */
    Join join() default Join.LEFT;
}
