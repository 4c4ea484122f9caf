package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record a view: a row of a page that is composed of what several sources answer.
 *
 * <p>One component is the {@link Root}; every other one has {@link One} or {@link Many}. A component of type {@link Part}
 * may be missing, and says why; one of any other type is required.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ComposedView {

    /** Name of the {@link RootSource}. Empty: its rows are always there already, and it is used with {@link View#compose} only. */
    String root() default "";

    /**
     * How long a page may take, such as {@code 400ms} or {@code 2s}, 1 ms to 10 minutes: what has not been answered by
     * then is unavailable. Empty: the default of the service.
     */
    String budget() default "";

    /**
     * How many calls may have to wait for each other at most, the root's included. A longer chain is slow by nature: that
     * query wants a replica of its own. More than four must be allowed here, knowingly.
     */
    int maxStages() default 4;
}
