package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Compositions;
import dev.freehold.composition.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** How views are composed, and how many calls are in flight. */
@Endpoint(id = "compositions")
final class CompositionsEndpoint {

    private final ObjectProvider<Compositions> compositions;

    CompositionsEndpoint(ObjectProvider<Compositions> compositions) {
        this.compositions = compositions;
    }

    @ReadOperation
    All all() {
        Compositions present = compositions.getObject();
        return new All(present.plans().stream().map(Described::of).toList(), present.callsInFlight());
    }

    /** Null, which is 404, if there is no such view. */
    @ReadOperation
    @Nullable
    Described view(@Selector String view) {
        return compositions.getObject().plans().stream()
                .filter(plan -> plan.name().equals(view))
                .findFirst()
                .map(Described::of)
                .orElse(null);
    }

    /** What there is. */
    record All(List<Described> views, Map<String, Integer> callsInFlight) {}

    /** A plan, for programs and for people. */
    record Described(
            String view,
            Duration budget,
            int stages,
            List<String> sort,
            List<String> filters,
            List<Plan.Line> components,
            String explain,
            String mermaid) {

        static Described of(Plan plan) {
            return new Described(
                    plan.name(),
                    plan.budget(),
                    plan.stages(),
                    plan.sort(),
                    plan.filters(),
                    plan.lines(),
                    plan.toString(),
                    plan.toMermaid());
        }
    }
}
