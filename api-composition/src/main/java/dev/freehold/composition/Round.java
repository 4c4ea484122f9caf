package dev.freehold.composition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some roots of a page, what was fetched for them, and the rows that were made of both. */
final class Round {

    private static final StepRun[] NONE = {};

    private final Plan plan;
    private final @Nullable Reply reply;
    private final Object[] roots;
    private final StepRun[] steps;
    private final Shortage shortage;
    private final List<Object> rows;
    private int used;

    /**
     * Fetches and makes.
     *
     * @param reply that the roots came in; null if they were there
     * @param sources with what the page has asked before
     * @param shortage takes down what the rows lack
     * @param room how many rows are wanted; the roots behind the last one are left alone
     */
    Round(
            Plan plan,
            Exchange exchange,
            SourceRun[] sources,
            @Nullable Reply reply,
            Object[] roots,
            Shortage shortage,
            int room) {
        this.plan = plan;
        this.reply = reply;
        this.roots = roots;
        this.shortage = shortage;
        this.rows = new ArrayList<>(Math.min(room, roots.length));
        Fetch fetch = new Fetch(plan, exchange, sources);
        fetch.run(roots);
        this.steps = fetch.steps();
        make(room);
    }

    /** The reply that the roots came in; null if they were there. */
    @Nullable
    Reply root() {
        return reply;
    }

    /** How many roots there were. */
    int roots() {
        return roots.length;
    }

    /** What the components got, in the order of the plan's steps. */
    StepRun[] steps() {
        return steps;
    }

    /** Those that were made. */
    List<Object> rows() {
        return rows;
    }

    /** What they lack. */
    Shortage shortage() {
        return shortage;
    }

    /** The root behind which the others are left; null if none are. */
    @Nullable
    Object lastUsed() {
        return used < roots.length ? roots[used - 1] : null;
    }

    private void make(int room) {
        for (StepRun step : steps) {
            step.prepare();
        }
        StepRun[] inner = inner();
        Object[] components = new Object[steps.length + 1];
        int[] positions = plan.positions();
        for (; used < roots.length && rows.size() < room; used++) {
            if (!isLeftOut(inner, used)) {
                components[plan.rootPosition()] = roots[used];
                for (int i = 0; i < steps.length; i++) {
                    components[positions[i]] = steps[i].value(used, shortage);
                }
                rows.add(plan.binder().bind(components));
            }
        }
    }

    private StepRun[] inner() {
        return plan.dropsRows()
                ? Arrays.stream(steps)
                        .filter(step -> step.step.join() == Join.INNER)
                        .toArray(StepRun[]::new)
                : NONE;
    }

    /** Found out first: what a row that nobody sees lacks is neither counted nor an error. */
    private boolean isLeftOut(StepRun[] inner, int row) {
        for (StepRun step : inner) {
            if (step.isFoundAbsent(row)) {
                for (StepRun from = step.parent(); from != null; from = from.parent()) {
                    from.showed(row, shortage); // of what is stale, something newer might have kept the row
                }
                return true;
            }
        }
        return false;
    }
}
