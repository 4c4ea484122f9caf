package dev.freehold.composition;

import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

final class DefaultCompositions implements Compositions {

    private final Map<Class<?>, Plan> plans;
    private final Calls calls;
    private final Supplier<? extends @Nullable Object> scope;

    DefaultCompositions(Map<Class<?>, Plan> plans, Calls calls, Supplier<? extends @Nullable Object> scope) {
        this.scope = scope;
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
        return new DefaultView<>(row, plan, calls, scope);
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
