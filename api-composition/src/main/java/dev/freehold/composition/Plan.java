package dev.freehold.composition;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** How the pages of a view are made: which sources are asked for which keys, and after which others. Cannot be changed. */
public final class Plan {

    private final String name;
    private final RootDefinition root;
    private final List<RemoteFilter> remoteFilters;
    private final String rootComponent;
    private final int rootPosition;
    private final List<Step> steps;
    private final int[] positions;
    private final List<SourceDefinition> sources;
    private final int[] sourceOfStep;
    private final RowBinder binder;
    private final Duration budget;
    private final Limits limits;
    private final boolean dropsRows;

    Plan(
            String name,
            RootDefinition root,
            List<RemoteFilter> remoteFilters,
            List<String> components,
            String rootComponent,
            List<Step> steps,
            RowBinder binder,
            Settings settings) {
        this.name = name;
        this.root = root;
        this.remoteFilters = List.copyOf(remoteFilters);
        this.rootComponent = rootComponent;
        this.rootPosition = components.indexOf(rootComponent);
        this.steps = List.copyOf(steps);
        this.positions = steps.stream()
                .mapToInt(step -> components.indexOf(step.component()))
                .toArray();
        this.sources = steps.stream().map(Step::source).distinct().toList();
        this.sourceOfStep =
                steps.stream().mapToInt(step -> sources.indexOf(step.source())).toArray();
        this.binder = binder;
        this.budget = settings.budget();
        this.limits = settings.limits();
        this.dropsRows = steps.stream().anyMatch(step -> step.join() == Join.INNER);
    }

    /** The view. */
    public String name() {
        return name;
    }

    /** How long a page may take. */
    public Duration budget() {
        return budget;
    }

    /** How many calls come one after the other, the root's included, if every source answers with one. */
    public int stages() {
        int ofSteps = steps.stream().mapToInt(Step::stage).max().orElse(root.stages());
        return ofSteps + (remoteFilters.isEmpty() ? 0 : 1);
    }

    /** The components: the root, and then each behind the one that its keys come from. */
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                rootComponent,
                Kind.ROOT,
                root.name(),
                null,
                "",
                1,
                null,
                0,
                root.target().heedsToken(),
                true,
                Join.LEFT));
        for (Step step : steps) {
            lines.add(new Line(
                    step.component(),
                    step.isList() ? Kind.MANY : Kind.ONE,
                    step.source().name(),
                    step.parent() < 0 ? rootComponent : steps.get(step.parent()).component(),
                    step.keyPath(),
                    step.source().maxBatch(),
                    step.source().cache() == null ? null : step.source().cache().name(),
                    step.limit(),
                    step.source().target().heedsToken(),
                    step.isRequired(),
                    step.join()));
        }
        return List.copyOf(lines);
    }

    /** What the root source sorts by, such as {@code createdAt desc}. */
    public List<String> sort() {
        return root.sort().stream().map(RootDefinition.SortBy::toString).toList();
    }

    /** What the root source filters by. */
    public List<String> filters() {
        return root.filters();
    }

    /** What other sources filter by: the component of the filter, and in brackets the source and how many keys it may find. */
    public List<String> semiJoins() {
        return remoteFilters.stream().map(RemoteFilter::toString).toList();
    }

    /** For people, a line for each component: EXPLAIN. */
    @Override
    public String toString() {
        return PlanText.text(this);
    }

    /** A picture, as Mermaid's flowchart: dotted arrows lead to parts that may be missing. */
    public String toMermaid() {
        return PlanText.mermaid(this);
    }

    /** What a component is. */
    public enum Kind {
        /** The row of the root source. */
        ROOT,
        /** One row. */
        ONE,
        /** A list of rows. */
        MANY
    }

    /**
     * A component.
     *
     * @param component its name
     * @param kind what it is
     * @param source what is asked; empty: nothing, the rows are there
     * @param from the component that its keys come from; null for the root
     * @param keys the path of its keys, such as {@code order.customerId} or {@code order.lines[].sku}; empty for the root
     * @param maxBatch how many keys a call has at most
     * @param cache name of the cache that keeps answers; null: none
     * @param limit how many rows of a list are shown; 0: all
     * @param heedsToken whether its source is told what it should have seen
     * @param required whether the page fails without it
     * @param join what becomes of rows for which there is nothing
     */
    public record Line(
            String component,
            Kind kind,
            String source,
            @Nullable String from,
            String keys,
            int maxBatch,
            @Nullable String cache,
            int limit,
            boolean heedsToken,
            boolean required,
            Join join) {}

    RootDefinition root() {
        return root;
    }

    List<RemoteFilter> remoteFilters() {
        return remoteFilters;
    }

    /** Components of the filter that nothing heeds. */
    List<String> unheeded() {
        Class<?> filter = root.filterType();
        if (filter == null || root.filters().isEmpty()) {
            return List.of(); // the root does not say what it heeds
        }
        List<String> unheeded = new ArrayList<>();
        for (RecordComponent component : filter.getRecordComponents()) {
            String name = component.getName();
            if (!component.getType().isPrimitive() // which cannot say that it does not matter
                    && !root.filters().contains(name)
                    && remoteFilters.stream()
                            .noneMatch(remote -> remote.component().equals(name))) {
                unheeded.add(name);
            }
        }
        return unheeded;
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

    /** The sources of the steps, each once. */
    List<SourceDefinition> sources() {
        return sources;
    }

    /** How many rows of each key a source is asked for: one more than any component shows. */
    int rowsOfEach(int source) {
        int most = 0;
        for (Step step : steps) {
            if (step.source() == sources.get(source)) {
                most = Math.max(most, step.limit() == 0 ? KeyList.ALL_ROWS : step.limit() + 1);
            }
        }
        return sources.get(source).takesLimit() ? most : KeyList.ALL_ROWS;
    }

    /** Which of the sources is that of a step. */
    int source(int step) {
        return sourceOfStep[step];
    }

    /** Where the components of the steps stand in the record; not to be changed. */
    int[] positions() {
        return positions;
    }

    RowBinder binder() {
        return binder;
    }

    /** Whether there are inner joins. */
    boolean dropsRows() {
        return dropsRows;
    }

    Limits limits() {
        return limits;
    }

    /**
     * How many calls may be in flight at once.
     *
     * @param ofPage for one page
     * @param ofSource of a source, by its name
     */
    record Limits(int ofPage, ToIntFunction<String> ofSource) {}

    /**
     * What is so unless a view says otherwise.
     *
     * @param budget how long a page may take
     * @param limits how many calls may be in flight
     */
    record Settings(Duration budget, Limits limits) {

        Settings with(Duration own) {
            return new Settings(own, limits);
        }
    }
}
