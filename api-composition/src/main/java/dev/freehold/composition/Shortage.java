package dev.freehold.composition;

import java.time.Instant;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rows of a page lack, counted by component and failure. What looks like a mistake in a source or a declaration is told to
 * the log as a warning; that a service is away is known from the page and the meters, and told for debugging only.
 */
final class Shortage {

    private static final Logger log = LoggerFactory.getLogger(View.class);
    private static final Set<Cause> MISTAKES = EnumSet.of(
            Cause.UNREADABLE, Cause.TOO_LARGE, Cause.DUPLICATE, Cause.UNKNOWN_KEY, Cause.CLIENT_ERROR, Cause.ERROR);

    private Map<Step, Map<Failure, Count>> counts = Map.of(); // most pages lack nothing
    private final String view;
    private final Instant begun;
    private boolean stale;

    Shortage(String view, Instant begun) {
        this.view = view;
        this.begun = begun;
    }

    /** When the page was begun. */
    Instant begun() {
        return begun;
    }

    /** Notes that a source whose rows are shown, or left out, is not as far as it should be. */
    void behind() {
        stale = true;
    }

    /** Counts a row that lacks a component, and gives the part for that, which all rows share. */
    Part<Object> part(Step step, Failure failure) {
        Count count = countsOf(step).computeIfAbsent(failure, any -> new Count(failure.part()));
        count.rows++;
        stale |= failure.cause() == Cause.BEHIND;
        return count.part;
    }

    private Map<Failure, Count> countsOf(Step step) {
        if (counts.isEmpty()) {
            counts = new IdentityHashMap<>(2);
        }
        return counts.computeIfAbsent(step, any -> new IdentityHashMap<>(2));
    }

    /** Notes that a row shows what came of a key. */
    void showed(Outcome outcome) {
        stale |= outcome.isStale();
    }

    /** Whether anything of it is older than it should be. */
    boolean isStale() {
        return stale;
    }

    /** Adds what other rows lack. */
    void add(Shortage other) {
        stale |= other.stale;
        other.counts.forEach((step, failures) -> failures.forEach((failure, count) -> countsOf(step)
                .computeIfAbsent(failure, any -> {
                    tell(step, failure);
                    return new Count(count.part);
                })
                .rows += count.rows));
    }

    private void tell(Step step, Failure failure) {
        if (MISTAKES.contains(failure.cause())) {
            log.warn(
                    "{}.{} is unavailable, source '{}': {}",
                    view,
                    step.component(),
                    failure.source(),
                    failure.describe(),
                    failure.exception());
        } else {
            log.debug(
                    "{}.{} is unavailable, source '{}': {}",
                    view,
                    step.component(),
                    failure.source(),
                    failure.describe());
        }
    }

    /** One entry for each component, source, cause and time to wait. */
    List<Page.Missing> missing() {
        if (counts.isEmpty()) {
            return List.of();
        }
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
