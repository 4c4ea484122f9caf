package dev.freehold.composition;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Reads what is said of a view: checks what could go wrong, and puts its components in order. */
final class ViewReader {

    /** What there is to compose from, and what is so unless a view says otherwise. */
    record Surroundings(Declarations declared, Plan.Settings settings) {}

    private final ViewDeclaration declaration;
    private final Class<?> type;
    private final Surroundings surroundings;
    private final Problems problems;
    private final Map<String, ViewComponent> components = new LinkedHashMap<>();
    private final Map<String, Step> steps = new LinkedHashMap<>();

    ViewReader(ViewDeclaration declaration, Surroundings surroundings, Problems problems) {
        this.declaration = declaration;
        this.type = declaration.type();
        this.surroundings = surroundings;
        this.problems = problems;
    }

    /** Null if something is wrong, which has been added to the problems. */
    @Nullable
    Plan read() {
        int before = problems.count();
        ComposedView view = declaration.view();
        if (!type.isRecord()) {
            wrong("is no record.", "Make it one: its components are what it is composed of.");
            return null;
        }
        if (view == null) {
            wrong("has no @ComposedView.", "Add it: @ComposedView(root = \"…\").");
            return null;
        }
        RootDefinition root = root(view);
        Duration budget = budget(view);
        ViewComponent rootComponent = components(root);
        if (root == null || rootComponent == null || problems.count() > before) {
            return null;
        }
        resolve(rootComponent, root);
        List<RemoteFilter> filters = filters(root, rootComponent);
        requireShallow(view, filters.isEmpty() ? 0 : 1);
        return problems.count() > before ? null : plan(root, rootComponent, filters, budget);
    }

    private Wording words() {
        return declaration.words();
    }

    private void wrong(String what, String fix) {
        problems.add(type.getSimpleName(), what, fix);
    }

    private @Nullable RootDefinition root(ComposedView view) {
        if (view.root().isEmpty()) {
            return given();
        }
        RootDefinition root = surroundings.declared().roots().get(view.root());
        if (root == null) {
            String fix = surroundings.declared().sources().containsKey(view.root())
                    ? words().choose(
                                    "That is a @Source, which is asked by keys; a view begins with a @RootSource.",
                                    "That is a source, which is asked by keys; a view begins with a root source.")
                    : Problems.choose(
                            view.root(), surroundings.declared().roots().keySet());
            wrong("has root '%s', which is no root source.".formatted(view.root()), fix);
        }
        return root;
    }

    /** Around rows that are there, of the type that the view's root component has. */
    private RootDefinition given() {
        for (RecordComponent component : type.getRecordComponents()) {
            if (declaration.of(component).stream().anyMatch(Root.class::isInstance)) {
                return RootDefinition.given(component.getType());
            }
        }
        return RootDefinition.given(Object.class);
    }

    private Duration budget(ComposedView view) {
        if (view.budget().isEmpty()) {
            return surroundings.settings().budget();
        }
        try {
            return Budget.checked(DurationFormatterUtils.detectAndParse(view.budget()));
        } catch (IllegalArgumentException unusable) {
            wrong(
                    "has budget '%s'.".formatted(view.budget()),
                    "Say how long a page may take, 1ms to 10m, such as 400ms.");
            return surroundings.settings().budget();
        }
    }

    /** Reads what the components say; the root's if all is well with it. */
    private @Nullable ViewComponent components(@Nullable RootDefinition root) {
        declaration.requireKnown(problems);
        List<ViewComponent> roots = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            ViewComponent read = ViewComponent.of(component, declaration, problems);
            if (read != null) {
                components.put(read.name(), read);
                if (read.isRoot()) {
                    roots.add(read);
                }
            }
        }
        if (roots.size() != 1) {
            wrong(
                    words().choose("has %d components with @Root.", "has %d root components.")
                            .formatted(roots.size()),
                    "Exactly one is the row of the root source.");
            return null;
        }
        ViewComponent found = roots.get(0);
        if (root != null && !found.component().getType().isAssignableFrom(root.rowType())) {
            found.wrong(
                    "is %s, but root source '%s' has rows of %s."
                            .formatted(
                                    found.component().getType().getSimpleName(),
                                    root.name(),
                                    root.rowType().getSimpleName()),
                    "Use that type.");
        }
        return found;
    }

    // ---- steps

    /** Makes steps of components whose parents are known, until there are no more. */
    private void resolve(ViewComponent rootComponent, RootDefinition root) {
        Map<String, ResolvableType> known = new HashMap<>();
        known.put(rootComponent.name(), ResolvableType.forClass(root.rowType()));
        Map<String, ViewComponent> open = new LinkedHashMap<>(components);
        open.remove(rootComponent.name());
        boolean progress = true;
        while (progress) {
            progress = open.values().removeIf(component -> {
                ResolvableType parent = known.get(component.parent());
                if (parent == null) {
                    return false;
                }
                ResolvableType found = resolve(component, parent, root);
                if (found != null) {
                    known.put(component.name(), found);
                }
                return true;
            });
        }
        open.values().forEach(this::explainUnresolved);
    }

    private void explainUnresolved(ViewComponent component) {
        ViewComponent parent = components.get(component.parent());
        if (component.path().isEmpty()) {
            component.wrong(
                    "has no key.",
                    "Say where it is: %s."
                            .formatted(component.choose("key = \"order.customerId\"", "\"order.customerId\"")));
        } else if (parent == null) {
            component.wrong(
                    "takes its keys from '%s', and %s has no component '%s'."
                            .formatted(component.path(), type.getSimpleName(), component.parent()),
                    "A path begins with a component. " + Problems.choose(component.parent(), components.keySet()));
        } else if (isInCircle(component)) {
            component.wrong(
                    "takes its keys from '%s', which leads back to itself.".formatted(component.path()),
                    "Take the keys of one of them from elsewhere.");
        }
    }

    private boolean isInCircle(ViewComponent component) {
        ViewComponent next = components.get(component.parent());
        for (int i = 0; next != null && i < components.size(); i++) {
            if (next == component) {
                return true;
            }
            next = components.get(next.parent());
        }
        return false;
    }

    /** Adds the step of a component; gives the type that others take their keys from. */
    private @Nullable ResolvableType resolve(ViewComponent component, ResolvableType parentType, RootDefinition root) {
        SourceDefinition source = surroundings.declared().sources().get(component.source());
        if (source == null) {
            component.wrong(
                    "has source '%s', which is not there.".formatted(component.source()),
                    Problems.choose(
                            component.source(),
                            surroundings.declared().sources().keySet()));
            return null;
        }
        KeyPath keys = KeyPath.of(component, parentType, source);
        Delivery delivery = Delivery.of(component, source);
        if (keys == null || delivery == null) {
            return null;
        }
        Step parent = steps.get(component.parent());
        Step step = new Step(
                steps.size(),
                component.name(),
                source,
                parent == null ? -1 : parent.index(),
                component.keys(),
                keys.via(),
                keys.key(),
                delivery.form(),
                delivery.limit(),
                component.join(),
                delivery.projection(),
                (parent == null ? root.stages() : parent.stage()) + (source.inline() ? 0 : 1));
        steps.put(component.name(), step);
        return step.isList() ? ResolvableType.forClassWithGenerics(List.class, source.rowType()) : source.rowType();
    }

    private List<RemoteFilter> filters(RootDefinition root, ViewComponent rootComponent) {
        List<RemoteFilter> filters = new ArrayList<>();
        for (ViewComponent component : components.values()) {
            if (!component.filter().isEmpty()) {
                RemoteFilter filter =
                        new RemoteFilterReader(component, root, rootComponent.name(), surroundings.declared()).read();
                if (filter != null) {
                    filters.add(filter);
                }
            }
        }
        return filters;
    }

    private void requireShallow(ComposedView view, int before) {
        for (Step step : steps.values()) {
            if (before + step.stage() > view.maxStages()) {
                problems.add(
                        type.getSimpleName() + "." + step.component(),
                        "is answered after %d calls that wait for each other; %d are allowed."
                                .formatted(before + step.stage(), view.maxStages()),
                        "Such a query wants a replica of its own (module read-replica); or allow it by %s."
                                .formatted(words().option("maxStages", before + step.stage())));
            }
        }
    }

    private Plan plan(RootDefinition root, ViewComponent rootComponent, List<RemoteFilter> filters, Duration budget) {
        RowBinder binder = RecordBinder.of(type);
        return new Plan(
                type.getSimpleName(),
                root,
                filters,
                declaration.names(),
                rootComponent.name(),
                List.copyOf(steps.values()),
                binder,
                surroundings.settings().with(budget));
    }
}
