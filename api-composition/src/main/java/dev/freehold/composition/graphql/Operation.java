package dev.freehold.composition.graphql;

import dev.freehold.composition.Budget;
import dev.freehold.composition.CallerContext;
import dev.freehold.composition.Part;
import graphql.GraphQLContext;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the batch loaders of one GraphQL operation share: what the thread of the request knew and how long it waits, which the engine's
 * threads do not know any more; and which sources have given stale answers.
 */
final class Operation {

    private final CallerContext caller;
    private final @Nullable Budget budget;
    private final Set<String> stale = ConcurrentHashMap.newKeySet();

    private Operation(CallerContext caller, @Nullable Budget budget) {
        this.caller = caller;
        this.budget = budget;
    }

    /** The one of the operation; it begins on this thread, if it has not begun yet. */
    static Operation of(GraphQLContext context) {
        return context.computeIfAbsent(
                Operation.class, first -> new Operation(CallerContext.capture(), budget(context)));
    }

    private static @Nullable Budget budget(GraphQLContext context) {
        Budget own = context.get(Budget.class);
        return own == null ? Budget.current().orElse(null) : own;
    }

    CallerContext caller() {
        return caller;
    }

    /** Does it within the budget, if there is one. */
    <T> T within(Supplier<T> work) {
        if (budget == null) {
            return work.get();
        }
        try (Budget.Scope scope = budget.open()) {
            return work.get();
        }
    }

    /** Notes which of the answers of a source are stale. */
    void note(String source, Map<?, ? extends Part<?>> answers) {
        if (answers.values().stream().anyMatch(part -> part instanceof Part.Found<?> found && found.stale())) {
            stale.add(source);
        }
    }

    /** The sources some of whose answers were stale. */
    Set<String> staleSources() {
        return new TreeSet<>(stale);
    }
}
