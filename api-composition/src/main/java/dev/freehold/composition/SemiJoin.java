package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a parameter of a {@link RootSource}, of type {@code Set<K>}: the keys of which one must be in a property of each row. It is null
 * if any will do, and never empty.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface SemiJoin {

    /** The property of the rows, such as {@code customerId}. */
    String value();
}
