package dev.freehold.composition;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A component of a view's filter that its root source does not heed, but another source: that finds the keys of which the root's rows
 * must have one.
 *
 * @param component of the filter
 * @param reader reads it out of the filter
 * @param finder finds the keys
 * @param property of the root's rows that is one of them
 */
record RemoteFilter(String component, Function<Object, @Nullable Object> reader, KeyFinder finder, String property) {

    @Override
    public String toString() {
        return "%s (%s, up to %d keys)".formatted(component, finder.source(), finder.maxKeys());
    }
}
