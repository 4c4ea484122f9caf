package dev.freehold.composition;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A component of a view that is fetched.
 *
 * @param index among the steps of the view; each comes after the one that it depends on
 * @param component its name
 * @param source what is asked
 * @param parent index of the step that its keys come from; -1: the root
 * @param keyPath where the keys are, for people
 * @param via reads the elements that have the keys, out of a row of the parent; null: the row itself has one
 * @param key reads the key, out of the row or the element; null: it is the key
 * @param form what the component's type wants
 * @param limit how many rows a list has at most; 0: all
 * @param join what becomes of rows for which there is nothing
 * @param projection makes the component's type out of a source's row; null: it is that row
 * @param stage how many calls come one after the other until this one has been answered, the root's included
 */
record Step(
        int index,
        String component,
        SourceDefinition source,
        int parent,
        String keyPath,
        @Nullable Function<Object, @Nullable Object> via,
        @Nullable Function<Object, @Nullable Object> key,
        Delivery.Form form,
        int limit,
        Join join,
        @Nullable Function<Object, Object> projection,
        int stage) {

    /** Whether what is found for a row is a list. */
    boolean isList() {
        return form.isList();
    }

    boolean isRequired() {
        return form.isRequired();
    }
}
