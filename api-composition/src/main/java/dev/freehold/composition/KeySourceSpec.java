package dev.freehold.composition;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * A function that finds keys of a source, for {@link CompositionsBuilder#keySource}: what {@link KeySource} says of a method, with
 * the same meaning and checks. Null is refused at once. Immutable: each option gives a copy.
 */
public final class KeySourceSpec {

    /** Finds the keys that match a value, which is not null; no more than the limit are wanted. */
    @FunctionalInterface
    public interface Find<M, K> {

        Collection<K> find(M value, int limit) throws Exception;
    }

    /** The same, if it wants to know how much time is left. */
    @FunctionalInterface
    public interface FindWithin<M, K> {

        Collection<K> find(M value, int limit, Budget budget) throws Exception;
    }

    private final FunctionCallee callee;
    private final Options<KeySource> options;

    private KeySourceSpec(FunctionCallee callee, Options<KeySource> options) {
        this.callee = callee;
        this.options = options;
    }

    /**
     * Finds keys by a value.
     *
     * @param source whose keys it finds
     * @param value type of the filter's component
     * @param key type of the source's keys
     */
    public static <M, K> KeySourceSpec of(String source, Class<M> value, Class<K> key, Find<M, K> function) {
        Assert.notNull(function, "function must not be null");
        return of(source, value, key, (match, limit, budget) -> function.find(match, limit));
    }

    /** The same with the time that is left. */
    @SuppressWarnings("unchecked") // it is asked with a value of the type that was given with it
    public static <M, K> KeySourceSpec of(String source, Class<M> value, Class<K> key, FindWithin<M, K> function) {
        Assert.notNull(value, "value must not be null");
        Assert.notNull(key, "key must not be null");
        Assert.notNull(function, "function must not be null");
        return new KeySourceSpec(
                new FunctionCallee(
                        List.of(
                                FunctionCallee.boxed(value),
                                FunctionCallee.parameter(int.class),
                                FunctionCallee.parameter(Budget.class)),
                        FunctionCallee.generic(Collection.class, key),
                        given -> function.find(
                                (M) required(given[0]), (int) required(given[1]), (Budget) required(given[2]))),
                Options.of(KeySource.class).with("source", source));
    }

    private static Object required(@Nullable Object given) {
        return Objects.requireNonNull(given);
    }

    /** As {@link KeySource#maxKeys}. */
    public KeySourceSpec maxKeys(int keys) {
        return new KeySourceSpec(callee, options.with("maxKeys", keys));
    }

    /** As {@link KeySource#heedsToken}: the function finds the token by {@link Consistency#current()}. */
    public KeySourceSpec heedsToken() {
        return new KeySourceSpec(callee, options.with("heedsToken", true));
    }

    /** As {@link KeySource#uninterruptible}. */
    public KeySourceSpec uninterruptible() {
        return new KeySourceSpec(callee, options.with("uninterruptible", true));
    }

    // ---- for the reader

    Callee callee() {
        return callee;
    }

    KeySource declared() {
        return options.annotation();
    }

    Site site(Problems problems) {
        return new Site("key source of '" + declared().source() + "'", Wording.SPECS, problems);
    }
}
