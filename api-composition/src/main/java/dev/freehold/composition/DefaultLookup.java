package dev.freehold.composition;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A view around the keys whose rows are what was found for each. */
final class DefaultLookup<K, V> implements Lookup<K, V> {

    private final View<Part<V>, Void> view;

    DefaultLookup(View<Part<V>, Void> view) {
        this.view = view;
    }

    /** How its pages are made. */
    static Plan plan(SourceDefinition source, Plan.Settings settings) {
        Step step = new Step(
                0,
                "rows",
                source,
                -1,
                "key",
                null,
                null,
                source.grouped() ? Delivery.Form.LIST_PART : Delivery.Form.PART,
                0,
                Join.LEFT,
                null,
                source.inline() ? 0 : 1);
        return new Plan(
                "Lookup of " + source.name(),
                RootDefinition.given(source.keyType()),
                List.of(),
                List.of("key", "rows"),
                "key",
                List.of(step),
                components -> components[1],
                settings);
    }

    @Override
    public Map<K, Part<V>> find(Collection<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>(keys);
        Iterator<Part<V>> rows = view.compose(distinct).rows().iterator();
        Map<K, Part<V>> found = new LinkedHashMap<>();
        distinct.forEach(key -> found.put(key, rows.next()));
        return found;
    }
}
