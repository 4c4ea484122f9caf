package dev.freehold.composition;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the pages of a view are made: which sources are asked for which keys, and after which others. Cannot be changed. */
public final class Plan {

    private final String name;
    private final RootDefinition root;
    private final String rootComponent;
    private final int rootPosition;
    private final List<Step> steps;
    private final int[] positions;
    private final Function<@Nullable Object[], Object> binder;
    private final Duration budget;
    private final int maxInFlight;

    Plan(
            String name,
            RootDefinition root,
            List<String> components,
            String rootComponent,
            List<Step> steps,
            Function<@Nullable Object[], Object> binder,
            Duration budget,
            int maxInFlight) {
        this.name = name;
        this.root = root;
        this.rootComponent = rootComponent;
        this.rootPosition = components.indexOf(rootComponent);
        this.steps = List.copyOf(steps);
        this.positions = steps.stream()
                .mapToInt(step -> components.indexOf(step.component()))
                .toArray();
        this.binder = binder;
        this.budget = budget;
        this.maxInFlight = maxInFlight;
    }

    /** The view. */
    public String name() {
        return name;
    }

    /** How long a page may take. */
    public Duration budget() {
        return budget;
    }

    RootDefinition root() {
        return root;
    }

    String rootComponent() {
        return rootComponent;
    }

    int rootPosition() {
        return rootPosition;
    }

    List<Step> steps() {
        return steps;
    }

    /** Where the component of a step stands in the record. */
    int position(int step) {
        return positions[step];
    }

    Function<@Nullable Object[], Object> binder() {
        return binder;
    }

    int maxInFlight() {
        return maxInFlight;
    }
}
