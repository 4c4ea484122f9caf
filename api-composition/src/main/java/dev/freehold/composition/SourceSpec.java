package dev.freehold.composition;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * A source that is a function, for {@link CompositionsBuilder#source}: what {@link Source} says of a method, with the same meaning,
 * defaults and checks. What is wrong with it is told by {@link CompositionsBuilder#build}.
 *
 * <p>A function gets keys and answers as a method does, on a thread of its own; it may throw what its client throws. What comes
 * later, as in a future, it waits for by itself: it is interrupted when nobody waits for its answer any more. Classes of keys and
 * rows are given, since a lambda does not tell them; {@code Long.class} or {@code long.class} are the same. Null is refused at once.
 * Immutable: each option gives a copy.
 */
public final class SourceSpec {

    /**
     * Answers for keys.
     *
     * @param <K> one key, or a set of them, distinct and not null
     * @param <A> what it answers with; null says that there is no row, to {@link SourceSpec#one}, and is a failure of a batch
     */
    @FunctionalInterface
    public interface Ask<K, A> {

        @Nullable
        A ask(K keys) throws Exception;
    }

    /** The same, if it wants to know how much time is left. */
    @FunctionalInterface
    public interface AskWithin<K, A> {

        @Nullable
        A ask(K keys, Budget budget) throws Exception;
    }

    /** The same for a number of rows of each key at most, as {@link Many#limit} wants them; {@link Integer#MAX_VALUE}: all. */
    @FunctionalInterface
    public interface AskForSome<K, A> {

        @Nullable
        A ask(K keys, int limit, Budget budget) throws Exception;
    }

    private final FunctionCallee callee;
    private final Options<Source> options;

    private SourceSpec(FunctionCallee callee, Options<Source> options) {
        this.callee = callee;
        this.options = options;
    }

    // ---- shapes

    /** Is asked for one key at a time, and has one row for it, or null. */
    public static <K, R> SourceSpec one(String name, Class<K> key, Class<R> row, Ask<K, R> function) {
        return one(name, key, row, within(function));
    }

    /** The same with the time that is left. */
    public static <K, R> SourceSpec one(String name, Class<K> key, Class<R> row, AskWithin<K, R> function) {
        return of(name, one(key), ResolvableType.forClass(checked(row, "row")), function);
    }

    /** Is asked for one key at a time, and has any number of rows for it. */
    public static <K, R> SourceSpec many(
            String name, Class<K> key, Class<R> row, Ask<K, Collection<? extends R>> function) {
        return many(name, key, row, within(function));
    }

    /** The same with the time that is left. */
    public static <K, R> SourceSpec many(
            String name, Class<K> key, Class<R> row, AskWithin<K, Collection<? extends R>> function) {
        return of(name, one(key), rows(row), function);
    }

    /** Is asked for a batch of keys, and has rows that tell their keys: with {@link #id} or {@link #groupBy}. */
    public static <K, R> SourceSpec batch(
            String name, Class<K> key, Class<R> row, Ask<Set<K>, Collection<? extends R>> function) {
        return batch(name, key, row, within(function));
    }

    /** The same with the time that is left. */
    public static <K, R> SourceSpec batch(
            String name, Class<K> key, Class<R> row, AskWithin<Set<K>, Collection<? extends R>> function) {
        return of(name, batch(key), rows(row), function);
    }

    /** The same for a number of rows of each key at most: with {@link #groupBy}. */
    public static <K, R> SourceSpec batch(
            String name, Class<K> key, Class<R> row, AskForSome<Set<K>, Collection<? extends R>> function) {
        return limited(name, batch(key), rows(row), function);
    }

    /** Is asked for a batch of keys, and has one row at most for each, by its key. */
    public static <K, R> SourceSpec batchMap(
            String name, Class<K> key, Class<R> row, Ask<Set<K>, Map<K, ? extends R>> function) {
        return batchMap(name, key, row, within(function));
    }

    /** The same with the time that is left. */
    public static <K, R> SourceSpec batchMap(
            String name, Class<K> key, Class<R> row, AskWithin<Set<K>, Map<K, ? extends R>> function) {
        return of(name, batch(key), map(key, ResolvableType.forClass(checked(row, "row"))), function);
    }

    /** Is asked for a batch of keys, and has any number of rows for each, by its key. */
    public static <K, R> SourceSpec batchLists(
            String name, Class<K> key, Class<R> row, Ask<Set<K>, Map<K, ? extends Collection<? extends R>>> function) {
        return batchLists(name, key, row, within(function));
    }

    /** The same with the time that is left. */
    public static <K, R> SourceSpec batchLists(
            String name,
            Class<K> key,
            Class<R> row,
            AskWithin<Set<K>, Map<K, ? extends Collection<? extends R>>> function) {
        return of(name, batch(key), map(key, rows(row)), function);
    }

    /** The same for a number of rows of each key at most. */
    public static <K, R> SourceSpec batchLists(
            String name,
            Class<K> key,
            Class<R> row,
            AskForSome<Set<K>, Map<K, ? extends Collection<? extends R>>> function) {
        return limited(name, batch(key), map(key, rows(row)), function);
    }

    private static <K, A> AskWithin<K, A> within(Ask<K, A> function) {
        checked(function, "function");
        return (keys, budget) -> function.ask(keys);
    }

    @SuppressWarnings("unchecked") // it is asked with keys of the type that was given with it
    private static <K> SourceSpec of(
            String name, ResolvableType keys, ResolvableType returned, AskWithin<K, ?> function) {
        checked(function, "function");
        return of(
                name,
                new FunctionCallee(
                        List.of(FunctionCallee.parameter(keys), FunctionCallee.parameter(Budget.class)),
                        returned,
                        given -> function.ask((K) required(given[0]), (Budget) required(given[1]))));
    }

    @SuppressWarnings("unchecked") // as above
    private static <K> SourceSpec limited(
            String name, ResolvableType keys, ResolvableType returned, AskForSome<K, ?> function) {
        checked(function, "function");
        return of(
                name,
                new FunctionCallee(
                        List.of(
                                FunctionCallee.parameter(keys),
                                FunctionCallee.parameter(int.class),
                                FunctionCallee.parameter(Budget.class)),
                        returned,
                        given -> function.ask(
                                (K) required(given[0]), (int) required(given[1]), (Budget) required(given[2]))));
    }

    private static Object required(@Nullable Object given) {
        return Objects.requireNonNull(given);
    }

    private static SourceSpec of(String name, FunctionCallee callee) {
        return new SourceSpec(callee, Options.of(Source.class).with("name", name));
    }

    private static ResolvableType one(Class<?> key) {
        return ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(checked(key, "key")));
    }

    private static ResolvableType batch(Class<?> key) {
        return FunctionCallee.generic(Set.class, checked(key, "key"));
    }

    private static ResolvableType rows(Class<?> row) {
        return FunctionCallee.generic(Collection.class, checked(row, "row"));
    }

    private static ResolvableType map(Class<?> key, ResolvableType value) {
        return ResolvableType.forClassWithGenerics(Map.class, one(key), value);
    }

    private static <T> T checked(T argument, String name) {
        Assert.notNull(argument, () -> name + " must not be null");
        return argument;
    }

    // ---- options

    /** As {@link Source#id}. */
    public SourceSpec id(String path) {
        return with("id", path);
    }

    /** As {@link Source#groupBy}. */
    public SourceSpec groupBy(String path) {
        return with("groupBy", path);
    }

    /** As {@link Source#maxBatch}. */
    public SourceSpec maxBatch(int keys) {
        return with("maxBatch", keys);
    }

    /**
     * As {@link Source#maxUrlBytes}. If not set, the keys may be of any length.
     *
     * @param parameter the name under which each key stands in the URL
     */
    public SourceSpec maxUrlBytes(int bytes, String parameter) {
        return new SourceSpec(callee.named(checked(parameter, "parameter")), options).with("maxUrlBytes", bytes);
    }

    /** As {@link Source#maxRows}. */
    public SourceSpec maxRows(int rows) {
        return with("maxRows", rows);
    }

    /** As {@link Source#inline}. */
    public SourceSpec inline() {
        return with("inline", true);
    }

    /** As {@link Source#cache}. */
    public SourceSpec cache(String name) {
        return with("cache", name);
    }

    /** As {@link Source#freshFor}. */
    public SourceSpec freshFor(Duration time) {
        return with("freshFor", checked(time, "freshFor").toString());
    }

    /** As {@link Source#staleFor}. */
    public SourceSpec staleFor(Duration time) {
        return with("staleFor", checked(time, "staleFor").toString());
    }

    /** As {@link Source#absentFor}. */
    public SourceSpec absentFor(Duration time) {
        return with("absentFor", checked(time, "absentFor").toString());
    }

    /** As {@link Source#forEverybody}. */
    public SourceSpec forEverybody() {
        return with("forEverybody", true);
    }

    /** As {@link Source#hedgeAfter}: {@code 50ms}, {@code p95}. */
    public SourceSpec hedgeAfter(String time) {
        return with("hedgeAfter", time);
    }

    /** As {@link Source#heedsToken}: the function finds the token by {@link Consistency#current()}. */
    public SourceSpec heedsToken() {
        return with("heedsToken", true);
    }

    /** As {@link Source#uninterruptible}. */
    public SourceSpec uninterruptible() {
        return with("uninterruptible", true);
    }

    private SourceSpec with(String option, Object value) {
        return new SourceSpec(callee, options.with(option, value));
    }

    // ---- for the reader

    Callee callee() {
        return callee;
    }

    Source declared() {
        return options.annotation();
    }

    Site site(Problems problems) {
        return new Site("source '" + declared().name() + "'", Wording.SPECS, problems);
    }
}
