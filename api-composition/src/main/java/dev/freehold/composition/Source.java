package dev.freehold.composition;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a bean's method a source: it gets keys and answers them with rows.
 *
 * <p>The method has one parameter for the keys, and may have one of type {@link Budget} for the time that is left, one of
 * type {@link Consistency} for what it should have seen, and, beside
 * several keys, one of type {@code int} for how many rows of each key are wanted at most ({@link Many#limit}):
 *
 * <ul>
 *   <li>{@code Set<K>}, {@code List<K>} or {@code Collection<K>}: a batch. It gets distinct keys and never null, at most
 *       {@link #maxBatch} of them, in an order that is the same for the same page. It returns {@code Map<K, R>},
 *       {@code Map<K, List<R>>}, or a collection of {@code R} together with {@link #id} or {@link #groupBy}.
 *   <li>{@code K}: one key. It returns {@code R} (null if there is none), {@code Optional<R>}, or a collection of
 *       {@code R}. It is called once for each distinct key.
 * </ul>
 *
 * <p>What it returns may come in a {@link java.util.concurrent.CompletionStage}, in a {@code Mono}, or row by row in a {@code Flux}:
 * these are cancelled when nobody waits for the answer any more. A key that is not answered has no row: that is no failure. Null in
 * place of an answer to a batch is one, and so is null among the rows of a grouped source; among rows with an {@link #id} it says that
 * some key has none. A key that is answered twice is a failure of that key, unless the source is grouped. A row for a key
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

    /**
     * How long the keys of a call may be in a URL, in bytes, if each is written as {@code name=value} and percent-encoded, 200 to
     * 1,000,000: a call gets no more keys than fit, but one at least. 0: any length. If not set, 6,000 where the keys are a
     * {@code @RequestParam}, so that the URL stays below the 8 KiB that servers take; else any length.
     */
    int maxUrlBytes() default -1;

    /** How many rows an answer has at most, 1 to 1,000,000: one with more is a failure, {@link Cause#TOO_LARGE}. */
    int maxRows() default 10_000;

    /**
     * Whether it is called on the thread that asks for the page. Only for what answers from memory: nothing can stop
     * such a call, nothing else of the page goes on meanwhile, and neither permits nor policies apply to it.
     */
    boolean inline() default false;

    /**
     * Name of a cache of Spring's {@code CacheManager} that keeps answers, by key; empty: none. It is read on the thread that asks for the
     * page, so it should be in memory. Rows in it are shared: they must not be changed. Who may see them is told by
     * {@link #forEverybody} or a {@link CallScope}; a page for which that says nothing goes without the cache.
     */
    String cache() default "";

    /** How long an answer is good in place of a call, such as {@code 1m}; empty: as long as the cache keeps it. */
    String freshFor() default "";

    /**
     * How long an answer is shown if the source is unavailable, marked as stale; longer than {@link #freshFor}, from when the source was
     * asked. Empty: not at all. Not shown to whom the source refuses (HTTP 4xx).
     */
    String staleFor() default "";

    /** How long it is good that there is no row for a key. */
    String absentFor() default "5s";

    /**
     * Whether its answers do not depend on who asks: calls and cached answers are shared by all pages. So it is not asked in the name of
     * whoever came first: of the context of that page's thread it sees the MDC and the observation, for tracing, and neither user nor
     * request nor locale. It has to have credentials of its own.
     */
    boolean forEverybody() default false;

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
