package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a bean's method find the keys of a {@link Source} whose rows match something: so views can be filtered by what that source knows,
 * with a semi-join ({@link One#filter}).
 *
 * <p>Its parameters, in any order: one for what to match, which is not null; an {@code int}, how many keys are wanted at most, and
 * maybe a {@link Budget} and a {@link Consistency}. It returns a collection of keys, which may come in a future, a {@code Mono} or the like. It is called on a
 * thread of its own, within the permits and policies of its source.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface KeySource {

    /** Name of the {@link Source} whose keys it finds. */
    String source();

    /**
     * How many keys may match, 1 to 10,000. It is asked for one more: if there are that many, the page fails with
     * {@link Cause#TOO_LARGE}, since its root source would have to be asked for too much.
     */
    int maxKeys() default 1_000;

    /**
     * Whether it heeds the token of the page's {@link Consistency}: it, or the service that it asks, answers with what the token stands
     * for, or says that it cannot. Such a source is sent the token (as {@code X-Consistency-Token}, by {@code RestClient}), and what it
     * answers is not taken from a cache, or shared, for another token. A parameter of type {@code Consistency} says the same.
     */
    boolean heedsToken() default false;

    /**
     * Whether it is left alone when nobody waits for its answer any more, in place of being interrupted. An interrupt closes the socket that
     * a virtual thread reads from: a JDBC driver loses its connection by that, and the query goes on. The page goes on without the answer in
     * any case, but such a call lasts, and keeps its permit, until it returns: so have it end by {@link Budget#onStop}, or by a limit of the
     * query.
     */
    boolean uninterruptible() default false;
}
