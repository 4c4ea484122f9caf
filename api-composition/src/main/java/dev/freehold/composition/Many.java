package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a {@link ComposedView} that is a list of rows.
 *
 * <p>Without {@link #via}, the rows that a grouped source has for one key (one to many), in the source's order. With it, the
 * rows for several keys (many to many), in the order of the keys, each key once.
 *
 * <p>With a {@link #limit}, its type is {@code Slice<R>} or {@code Part<Slice<R>>}. Else it is {@code List<R>}, which is required, {@code Part<List<R>>}, or, with {@code via}, {@code List<Part<R>>},
 * which tells of each key whether there is a row. {@code R} is the source's row, or a record whose components are properties
 * of that row, by name.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Many {

    /** Name of the {@link Source}. */
    String source();

    /** Path of the key: as with {@link One#key}, or, with {@link #via}, within an element; empty if the elements are keys. */
    String key() default "";

    /** Path of a collection, which begins with a component of the view: {@code order.lines}. */
    String via() default "";

    /**
     * How many rows are shown at most, 1 to 10,000; a {@link Slice} tells whether there are more. 0: all. A source that takes an
     * {@code int} beside its keys is told how many rows of each are wanted, one more than are shown.
     */
    int limit() default 0;

    /** What becomes of the view's row if the list is empty. */
    Join join() default Join.LEFT;
}
