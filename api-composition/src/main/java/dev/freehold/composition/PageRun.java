package dev.freehold.composition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes one page: asks for the roots, has the rest {@linkplain Fetch fetched}, and makes the rows. If inner joins leave rows out, it
 * asks for more roots, a few times, within the same budget.
 */
final class PageRun {

    private static final int REFILLS = 3;

    /** However few rows are left, a refill asks for no more than four times of what is lacking. */
    private static final double LEAST_YIELD = 0.25;

    private final Plan plan;
    private final Exchange exchange;
    private final Shortage shortage;
    private final long begun;
    private final List<Object> rows = new ArrayList<>();
    private final List<Object> rootsOfRows = new ArrayList<>(); // only where rows can be left out
    private final List<Round> rounds = new ArrayList<>(1);
    private int fetched;

    PageRun(Plan plan, Caller caller, Budget budget, @Nullable Object scope, Instant now) {
        this.plan = plan;
        this.exchange = new Exchange(plan, caller, budget, scope);
        this.shortage = new Shortage(plan.name(), now);
        this.begun = caller.nanoTime();
    }

    /**
     * Some roots and what was fetched for them.
     *
     * @param root the reply that they came in; null if they were there
     * @param roots how many
     * @param steps what the components got
     */
    record Round(@Nullable Reply root, int roots, StepRun[] steps) {}

    /** Asks the root source for its rows and makes the page around them. */
    Page<Object> page(@Nullable Object filter, Keyset at, int limit) {
        Keyset next = add(askRoot(filter, at, limit), limit);
        for (int refill = 0; plan.dropsRows() && next != null && rows.size() < limit && refill < REFILLS; refill++) {
            int wanted = wanted(limit);
            Reply more;
            try {
                more = askRoot(filter, next, wanted);
            } catch (SourceUnavailableException late) {
                break; // what there is makes a page, which ends where this one would have gone on
            }
            next = add(more, wanted);
        }
        if (rows.size() > limit) {
            next = plan.root().after(rootsOfRows.get(limit - 1));
            rows.subList(limit, rows.size()).clear();
        }
        return made(next);
    }

    /** Makes the page around rows that are there. */
    Page<Object> compose(Object[] roots) {
        make(null, roots);
        return made(null);
    }

    private @Nullable Keyset add(Reply reply, int limit) {
        RootRows roots = RootRows.of(plan.root(), limit, reply.answer());
        make(reply, roots.rows());
        return roots.next();
    }

    /** As many roots as should give the rows that are lacking, by what has come of roots so far. */
    private int wanted(int limit) {
        double yield = Math.max(LEAST_YIELD, (double) rows.size() / fetched);
        return (int) Math.ceil((limit - rows.size()) / yield);
    }

    private Page<Object> made(@Nullable Keyset next) {
        List<Page.Missing> missing = shortage.missing();
        Analysis analysis = Analyst.analyse(plan, rounds, rows.size(), missing.isEmpty(), exchange.nanoTime() - begun);
        return new Page<>(Collections.unmodifiableList(rows), next, missing, analysis);
    }

    private Reply askRoot(@Nullable Object filter, Keyset at, int limit) {
        RootDefinition definition = plan.root();
        RootDefinition.Ask ask = new RootDefinition.Ask(filter, at, definition.slices() ? limit : limit + 1);
        AtomicReference<@Nullable Reply> heard = new AtomicReference<>();
        Failure failure = null;
        for (boolean again = true; again; ) {
            Caller.Ticket ticket = exchange.ask(definition.target(), ask, heard::set);
            try {
                exchange.hear();
            } catch (CompositionException interrupted) {
                ticket.giveBack();
                throw interrupted;
            }
            Reply reply = heard.getAndSet(null);
            if (reply != null && reply.failure() == null) {
                return reply;
            }
            // whoever had asked first may have had less time than this page has
            again = failure == null && reply != null && ticket.isShared() && reply.isTimeout() && !exchange.isOver();
            failure = reply == null ? null : reply.failure();
            failure = failure == null ? exchange.late(definition.name(), ticket.giveBack()) : failure;
        }
        throw new SourceUnavailableException(
                plan.name(), plan.rootComponent(), failure == null ? exchange.late(definition.name(), true) : failure);
    }

    private void make(@Nullable Reply reply, Object[] roots) {
        Fetch fetch = new Fetch(plan, exchange, roots.length);
        fetch.run(roots);
        StepRun[] steps = fetch.steps();
        for (StepRun step : steps) {
            step.prepare();
        }
        Object[] components = new Object[steps.length + 1];
        for (int row = 0; row < roots.length; row++) {
            components[plan.rootPosition()] = roots[row];
            if (fill(components, steps, row)) {
                rows.add(plan.binder().bind(components));
                if (plan.dropsRows()) {
                    rootsOfRows.add(roots[row]);
                }
            }
        }
        fetched += roots.length;
        rounds.add(new Round(reply, roots.length, steps));
    }

    /** False if the row is left out. */
    private boolean fill(Object[] components, StepRun[] steps, int row) {
        for (int i = 0; i < steps.length; i++) {
            Object value = steps[i].value(row, shortage);
            if (value == StepRun.DROPPED) {
                return false;
            }
            components[plan.position(i)] = value;
        }
        return true;
    }
}
