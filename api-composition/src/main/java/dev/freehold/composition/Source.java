package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a bean's method a source: it gets keys and answers them with rows.
 *
 * <p>The method has one parameter for the keys, and may have one of type {@link Budget} for the time that is left:
 *
 * <ul>
 *   <li>{@code Set<K>}, {@code List<K>} or {@code Collection<K>}: a batch. It gets distinct keys and never null, at most
 *       {@link #maxBatch} of them, in an order that is the same for the same page. It returns {@code Map<K, R>},
 *       {@code Map<K, List<R>>}, or a collection of {@code R} together with {@link #id} or {@link #groupBy}.
 *   <li>{@code K}: one key. It returns {@code R} (null if there is none), {@code Optional<R>}, or a collection of
 *       {@code R}. It is called once for each distinct key.
 * </ul>
 *
 * <p>What it returns may come in a {@link java.util.concurrent.CompletionStage}. A key that is not answered has no row:
 * that is no failure. A key that is answered twice is a failure of that key, unless the source is grouped. A row for a key
 * that was not asked for is left out, and counted.
 *
 * <p>A source is called on a thread of its own, with the context of the thread that asked for the page; it is interrupted
 * when nobody waits for its answer any more. It must be safe for use by several threads at once.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Source {

    /** Name of the source: unique in the service, also the name of its settings and of its Resilience4j instances. */
    String name();

    /** Path of the property of a row that is its key, such as {@code id} or {@code product.sku}: at most one row a key. */
    String id() default "";

    /** Path of the property of a row that is its key, such as {@code orderId}: any number of rows a key, in their order. */
    String groupBy() default "";

    /** How many keys a call has at most, 1 to 10,000. Without meaning for a source of one key. */
    int maxBatch() default 100;

    /** How many rows an answer has at most, 1 to 1,000,000: one with more is a failure, {@link Cause#TOO_LARGE}. */
    int maxRows() default 10_000;

    /**
     * Whether it is called on the thread that asks for the page. Only for what answers from memory: nothing can stop
     * such a call, nothing else of the page goes on meanwhile, and neither permits nor policies apply to it.
     */
    boolean inline() default false;
}
