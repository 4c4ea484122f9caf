package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a bean's method a root source: it gives the rows that a view's rows are made around, in pages.
 *
 * <p>Its parameters, in any order: a {@link Keyset} after which the rows begin; an {@code int}, how many rows are wanted
 * at most; and, if it filters, a record for that; sets of keys with {@link SemiJoin}; and, if it wants to know how much time is left, or what it should have
 * seen, a {@link Budget} or a {@link Consistency}. It
 * returns a {@link Slice}, or a list: that is asked for one row more than the page has, to see whether there are more. Either may
 * come later, as with a {@link Source}.
 *
 * <p>The rows must come in the order of {@link #sort}, without two that are equal in it; a page that does not fails.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RootSource {

    /** Name of the source, unique in the service, also among those with {@link Source}. */
    String name();

    /**
     * Properties that the rows are sorted by, such as {@code "createdAt desc"} and {@code "id"}; the last one makes the
     * order unique. Each is comparable and never null.
     */
    String[] sort();

    /** Components of its filter that it heeds. */
    String[] filters() default {};

    /**
     * When it is asked a second time for the same, on another thread, while the first answer is still awaited: after a time such as
     * {@code 50ms}, or {@code p95}, the time within which 95 of a hundred of its latest answers came. The first answer counts, and the
     * other call is interrupted. Only for a source to which being asked twice does no harm. One in twenty of its calls is made a
     * second time at most, and none that would have to wait for a permit. Empty: never.
     */
    String hedgeAfter() default "";

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
