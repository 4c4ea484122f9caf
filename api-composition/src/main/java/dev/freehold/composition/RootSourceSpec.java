package dev.freehold.composition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.Assert;

/**
 * A root source that is a function, for {@link CompositionsBuilder#rootSource}: what {@link RootSource} says of a method, with the
 * same meaning and checks. What is wrong with it is told by {@link CompositionsBuilder#build}. Null is refused at once. Immutable:
 * each option gives a copy.
 */
public final class RootSourceSpec {

    /** Gives rows that begin behind a place; it may throw what its client throws. */
    @FunctionalInterface
    public interface Ask<A> {

        A ask(Keyset at, int limit) throws Exception;
    }

    /** The same of those that a filter lets through. */
    @FunctionalInterface
    public interface AskFiltered<F, A> {

        A ask(F filter, Keyset at, int limit) throws Exception;
    }

    /** The same with all that a page wants. */
    @FunctionalInterface
    public interface AskWanted<F extends @Nullable Object, A> {

        A ask(Wanted<F> wanted) throws Exception;
    }

    /**
     * What a page wants.
     *
     * @param filter what to filter by; null if the root source takes none
     * @param at behind which the rows begin
     * @param limit how many are wanted at most
     * @param budget how much time is left
     * @param keys by each property with {@link #semiJoin}, the keys of which a row must have one; null if any will do
     * @param <F> the filter
     */
    public record Wanted<F extends @Nullable Object>(
            F filter, Keyset at, int limit, Budget budget, Map<String, @Nullable Set<Object>> keys) {

        /** Copies the keys. */
        public Wanted {
            keys = Collections.unmodifiableMap(new HashMap<>(keys));
        }

        /**
         * The keys of which a property must be one, as {@link SemiJoin} on a parameter.
         *
         * @return null if any will do, and never empty
         * @throws IllegalArgumentException if there is no {@link #semiJoin} by that property, or its keys are of another type
         */
        @SuppressWarnings("unchecked") // looked at
        public <K> @Nullable Set<K> keys(String property, Class<K> type) {
            if (!keys.containsKey(property)) {
                throw new IllegalArgumentException("there is no semiJoin(\"%s\", …). %s"
                        .formatted(property, Problems.choose(property, keys.keySet())));
            }
            Set<Object> wanted = keys.get(property);
            if (wanted != null && !wanted.stream().allMatch(type::isInstance)) {
                throw new IllegalArgumentException(
                        "the keys for '%s' are not of %s".formatted(property, type.getSimpleName()));
            }
            return (Set<K>) wanted;
        }
    }

    private record Restricted(String property, Class<?> keys) {}

    private final Options<RootSource> options;
    private final @Nullable Class<?> filter;
    private final ResolvableType returned;
    private final AskWanted<@Nullable Object, ?> function;
    private final List<Restricted> semiJoins;

    private RootSourceSpec(
            Options<RootSource> options,
            @Nullable Class<?> filter,
            ResolvableType returned,
            AskWanted<@Nullable Object, ?> function,
            List<Restricted> semiJoins) {
        this.options = options;
        this.filter = filter;
        this.returned = returned;
        this.function = function;
        this.semiJoins = List.copyOf(semiJoins);
    }

    // ---- shapes

    /** Gives a list, which is asked for one row more than the page has. */
    public static <R> RootSourceSpec of(String name, Class<R> row, Ask<List<R>> function) {
        return of(name, row, Void.class, unfiltered(function));
    }

    /**
     * The same with a filter.
     *
     * @param filter a record
     */
    public static <R, F> RootSourceSpec of(
            String name, Class<R> row, Class<F> filter, AskFiltered<F, List<R>> function) {
        return of(name, row, filter, filtered(function));
    }

    /**
     * The same with all that a page wants.
     *
     * @param filter a record; {@code Void.class} for none
     */
    public static <R, F> RootSourceSpec of(String name, Class<R> row, Class<F> filter, AskWanted<F, List<R>> function) {
        return of(name, row, List.class, filter, function);
    }

    /** Gives a slice, which says whether there are more rows. */
    public static <R> RootSourceSpec slices(String name, Class<R> row, Ask<Slice<R>> function) {
        return slices(name, row, Void.class, unfiltered(function));
    }

    /**
     * The same with a filter.
     *
     * @param filter a record
     */
    public static <R, F> RootSourceSpec slices(
            String name, Class<R> row, Class<F> filter, AskFiltered<F, Slice<R>> function) {
        return slices(name, row, filter, filtered(function));
    }

    /**
     * The same with all that a page wants.
     *
     * @param filter a record; {@code Void.class} for none
     */
    public static <R, F> RootSourceSpec slices(
            String name, Class<R> row, Class<F> filter, AskWanted<F, Slice<R>> function) {
        return of(name, row, Slice.class, filter, function);
    }

    private static <A> AskWanted<Void, A> unfiltered(Ask<A> function) {
        Assert.notNull(function, "function must not be null");
        return wanted -> function.ask(wanted.at(), wanted.limit());
    }

    private static <F, A> AskWanted<F, A> filtered(AskFiltered<F, A> function) {
        Assert.notNull(function, "function must not be null");
        return wanted -> function.ask(wanted.filter(), wanted.at(), wanted.limit());
    }

    @SuppressWarnings("unchecked") // it is asked with a filter of the type that was given with it
    private static <F> RootSourceSpec of(
            String name, Class<?> row, Class<?> answer, Class<F> filter, AskWanted<F, ?> function) {
        Assert.notNull(row, "row must not be null");
        Assert.notNull(filter, "filter must not be null");
        Assert.notNull(function, "function must not be null");
        return new RootSourceSpec(
                Options.of(RootSource.class).with("name", name).with("sort", new String[0]),
                filter == Void.class ? null : filter,
                FunctionCallee.generic(answer, row),
                (AskWanted<@Nullable Object, ?>) (AskWanted<?, ?>) function,
                List.of());
    }

    // ---- options

    /** As {@link RootSource#sort}: it must be said. */
    public RootSourceSpec sort(String... properties) {
        return with("sort", named("sort", properties));
    }

    /** As {@link RootSource#filters}. */
    public RootSourceSpec filters(String... components) {
        return with("filters", named("filters", components));
    }

    /** As {@link RootSource#hedgeAfter}: {@code 50ms}, {@code p95}. */
    public RootSourceSpec hedgeAfter(String time) {
        return with("hedgeAfter", time);
    }

    /** As {@link RootSource#heedsToken}: the function finds the token by {@link Consistency#current()}. */
    public RootSourceSpec heedsToken() {
        return with("heedsToken", true);
    }

    /** As {@link RootSource#uninterruptible}. */
    public RootSourceSpec uninterruptible() {
        return with("uninterruptible", true);
    }

    /**
     * Lets its rows be restricted to keys, as {@link SemiJoin} does: the function must heed {@link Wanted#keys(String, Class)}.
     *
     * @param property of the rows, such as {@code customerId}
     * @param keys class of that property
     */
    public RootSourceSpec semiJoin(String property, Class<?> keys) {
        Assert.notNull(property, "property must not be null");
        Assert.notNull(keys, "keys must not be null");
        List<Restricted> more = new ArrayList<>(semiJoins);
        more.add(new Restricted(property, keys));
        return new RootSourceSpec(options, filter, returned, function, more);
    }

    private static String[] named(String option, String[] names) {
        Assert.notNull(names, () -> option + " must not be null");
        Assert.noNullElements(names, () -> option + " must not have null elements");
        return names.clone();
    }

    private RootSourceSpec with(String option, Object value) {
        return new RootSourceSpec(options.with(option, value), filter, returned, function, semiJoins);
    }

    // ---- for the reader

    /** Of a place, a limit, a budget, keys, and a filter if there is one. */
    Callee callee() {
        List<Callee.Parameter> parameters = new ArrayList<>(List.of(
                FunctionCallee.parameter(Keyset.class),
                FunctionCallee.parameter(int.class),
                FunctionCallee.parameter(Budget.class)));
        semiJoins.forEach(restricted -> parameters.add(parameter(restricted)));
        if (filter != null) {
            parameters.add(FunctionCallee.boxed(filter));
        }
        return new FunctionCallee(List.copyOf(parameters), returned, given -> function.ask(wanted(given)));
    }

    private static Callee.Parameter parameter(Restricted restricted) {
        return new Callee.Parameter(
                FunctionCallee.generic(Set.class, restricted.keys()),
                "",
                MergedAnnotations.of(
                        List.of(MergedAnnotation.of(SemiJoin.class, Map.of("value", restricted.property())))));
    }

    @SuppressWarnings("unchecked") // the readers see to it
    private Wanted<@Nullable Object> wanted(@Nullable Object[] given) {
        Map<String, @Nullable Set<Object>> keys = new HashMap<>();
        for (int i = 0; i < semiJoins.size(); i++) {
            keys.put(semiJoins.get(i).property(), (Set<Object>) given[3 + i]);
        }
        return new Wanted<>(
                filter == null ? null : given[given.length - 1],
                (Keyset) Objects.requireNonNull(given[0]),
                (int) Objects.requireNonNull(given[1]),
                (Budget) Objects.requireNonNull(given[2]),
                keys);
    }

    RootSource declared() {
        return options.annotation();
    }

    Site site(Problems problems) {
        return new Site("root source '" + declared().name() + "'", Wording.SPECS, problems);
    }
}
