package dev.freehold.composition;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

final class DefaultCompositions implements Compositions {

    private final Map<Class<?>, Plan> plans;
    private final Map<String, SourceDefinition> sources;
    private final Set<String> names;
    private final Plan.Settings settings;
    private final Caller calls;
    private final CallScope scope;
    private final List<PageListener> listeners;

    DefaultCompositions(
            Map<Class<?>, Plan> plans,
            Map<String, SourceDefinition> sources,
            Set<String> names,
            Plan.Settings settings,
            Caller calls,
            CallScope scope,
            List<PageListener> listeners) {
        this.sources = sources;
        this.names = names;
        this.settings = settings;
        this.scope = scope;
        this.listeners = listeners;
        this.plans = plans;
        this.calls = calls;
    }

    @Override
    public <R, F> View<R, F> view(Class<R> row, Class<F> filter) {
        Plan plan = plans.get(row);
        if (plan == null) {
            throw new IllegalArgumentException(row.getName() + " is no view here; there are "
                    + plans.values().stream().map(Plan::name).toList());
        }
        Class<?> declared =
                plan.root().filterType() == null ? Void.class : plan.root().filterType();
        if (filter != declared) {
            throw new IllegalArgumentException("%s filters by %s, not by %s"
                    .formatted(plan.name(), declared.getSimpleName(), filter.getSimpleName()));
        }
        return new DefaultView<>(plan, calls, scope, listeners);
    }

    @Override
    public <K, V> Lookup<K, V> lookup(String source, Class<K> key, Class<V> row) {
        return lookup(source, key, row, false);
    }

    @Override
    public <K, V> Lookup<K, List<V>> lookupMany(String source, Class<K> key, Class<V> row) {
        return lookup(source, key, row, true);
    }

    private <K, V> Lookup<K, V> lookup(String name, Class<?> key, Class<?> row, boolean many) {
        SourceDefinition source = sources.get(name);
        if (source == null) {
            throw new IllegalArgumentException(
                    "'%s' is no source here. %s".formatted(name, Problems.choose(name, sources.keySet())));
        }
        Class<?> rowType = PropertyPath.raw(source.rowType());
        if (source.keyType() != key || !row.isAssignableFrom(rowType) || source.grouped() != many) {
            throw new IllegalArgumentException(
                    "source '%s' has %s of %s for a key of %s: use %s(\"%s\", %s.class, %s.class)"
                            .formatted(
                                    name,
                                    source.grouped() ? "many rows" : "one row",
                                    rowType.getSimpleName(),
                                    source.keyType().getSimpleName(),
                                    source.grouped() ? "lookupMany" : "lookup",
                                    name,
                                    source.keyType().getSimpleName(),
                                    rowType.getSimpleName()));
        }
        return new DefaultLookup<>(new DefaultView<>(DefaultLookup.plan(source, settings), calls, scope, listeners));
    }

    @Override
    public Map<String, SourceTypes> sourceTypes() {
        Map<String, SourceTypes> types = new TreeMap<>();
        sources.forEach((name, source) -> types.put(
                name, new SourceTypes(source.keyType(), PropertyPath.raw(source.rowType()), source.grouped())));
        return types;
    }

    @Override
    public Set<String> sources() {
        return names;
    }

    @Override
    public Map<String, Integer> callsInFlight() {
        return calls.inFlight();
    }

    @Override
    public Collection<Plan> plans() {
        return plans.values();
    }

    @Override
    public void close() {
        calls.close();
    }
}
