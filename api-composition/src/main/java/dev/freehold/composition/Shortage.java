package dev.freehold.composition;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the rows of a page lack, counted by component and failure. */
final class Shortage {

    private final Map<Step, Map<Failure, Count>> counts = new IdentityHashMap<>(2);
    private final Instant begun;

    Shortage(Instant begun) {
        this.begun = begun;
    }

    /** When the page was begun. */
    Instant begun() {
        return begun;
    }

    /** Counts a row that lacks a component, and gives the part for that, which all rows share. */
    Part<Object> part(Step step, Failure failure) {
        Count count = counts.computeIfAbsent(step, any -> new IdentityHashMap<>(2))
                .computeIfAbsent(failure, any -> new Count(failure.part()));
        count.rows++;
        return count.part;
    }

    /** One entry for each component, source, cause and time to wait. */
    List<Page.Missing> missing() {
        Map<Page.Missing, Integer> sums = new LinkedHashMap<>();
        counts.forEach((step, failures) -> failures.forEach((failure, count) -> sums.merge(
                new Page.Missing(step.component(), failure.source(), failure.cause(), failure.retryAfter(), 0),
                count.rows,
                Integer::sum)));
        return sums.entrySet().stream()
                .map(sum -> sum.getKey().with(sum.getValue()))
                .toList();
    }

    private static final class Count {

        private final Part<Object> part;
        private int rows;

        private Count(Part<Object> part) {
            this.part = part;
        }
    }
}
