package dev.freehold.composition;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class DefaultCompositions implements Compositions {

    private final Map<Class<?>, Plan> plans;
    private final Set<String> sources;
    private final Calls calls;
    private final CallScope scope;
    private final List<PageListener> listeners;

    DefaultCompositions(
            Map<Class<?>, Plan> plans,
            Set<String> sources,
            Calls calls,
            CallScope scope,
            List<PageListener> listeners) {
        this.sources = sources;
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
        return new DefaultView<>(row, plan, calls, scope, listeners);
    }

    @Override
    public Set<String> sources() {
        return sources;
    }

    @Override
    public Map<String, Integer> callsInFlight() {
        return calls.inFlightOfSources();
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
