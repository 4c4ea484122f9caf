package dev.freehold.composition;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The views of a service, and the sources that they are composed of. Safe for use by several threads. */
public interface Compositions extends AutoCloseable {

    /** Begins with no sources and views. */
    static CompositionsBuilder builder() {
        return new CompositionsBuilder();
    }

    /**
     * The view with these rows.
     *
     * @param row a record with {@link ComposedView}, or of a {@link ViewSpec}
     * @param filter what its root source filters by
     * @throws IllegalArgumentException if there is no such view, or it filters by something else
     */
    <R, F> View<R, F> view(Class<R> row, Class<F> filter);

    /**
     * The view with these rows, whose root source does not filter.
     *
     * @param row a record with {@link ComposedView}, or of a {@link ViewSpec}
     * @throws IllegalArgumentException if there is no such view, or its root source filters
     */
    default <R> View<R, Void> view(Class<R> row) {
        return view(row, Void.class);
    }

    /**
     * Finds the row that a source has for a key.
     *
     * @param source its name
     * @param key type of its keys; {@code Long.class} for {@code long}
     * @param row type of its rows
     * @throws IllegalArgumentException if there is no such source, or it has many rows for a key, or its types are others
     */
    <K, V> Lookup<K, V> lookup(String source, Class<K> key, Class<V> row);

    /**
     * Finds the rows that a source has for a key.
     *
     * @param source its name
     * @param key type of its keys; {@code Long.class} for {@code long}
     * @param row type of its rows
     * @throws IllegalArgumentException if there is no such source, or it has one row for a key, or its types are others
     */
    <K, V> Lookup<K, List<V>> lookupMany(String source, Class<K> key, Class<V> row);

    /** What can be looked up: the sources of keys by their names, not the root sources. */
    Map<String, SourceTypes> sourceTypes();

    /** The names of all sources, the root sources among them. */
    Set<String> sources();

    /** How many calls of each source are being carried out, also such that nobody waits for any more. */
    Map<String, Integer> callsInFlight();

    /** How the pages of all views are made. */
    Collection<Plan> plans();

    /** Stops the calls that are in flight; their pages end with what they have. */
    @Override
    void close();

    /**
     * What a source is asked with, and what it answers with.
     *
     * @param key type of its keys
     * @param row type of its rows
     * @param many whether it has many rows for a key: {@link #lookupMany} finds them, not {@link #lookup}
     */
    record SourceTypes(Class<?> key, Class<?> row, boolean many) {}
}
