package dev.freehold.composition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes one page: asks for the roots, has the rest {@linkplain Fetch fetched}, and makes the rows. */
final class PageRun {

    private final Plan plan;
    private final Exchange exchange;
    private final Shortage shortage;
    private final long begun;
    private @Nullable Reply root;

    PageRun(Plan plan, Caller caller, Budget budget, @Nullable Object scope, Instant now) {
        this.plan = plan;
        this.exchange = new Exchange(plan, caller, budget, scope);
        this.shortage = new Shortage(now);
        this.begun = caller.nanoTime();
    }

    /** Asks the root source for its rows and makes the page around them. */
    Page<Object> page(@Nullable Object filter, Keyset at, int limit) {
        root = askRoot(filter, at, limit);
        RootRows roots = RootRows.of(plan.root(), limit, root.answer());
        return page(roots.rows(), roots.next());
    }

    /** Makes the page around rows that are there. */
    Page<Object> compose(Object[] roots) {
        return page(roots, null);
    }

    private Reply askRoot(@Nullable Object filter, Keyset at, int limit) {
        RootDefinition definition = plan.root();
        RootDefinition.Ask ask = new RootDefinition.Ask(filter, at, definition.slices() ? limit : limit + 1);
        AtomicReference<@Nullable Reply> heard = new AtomicReference<>();
        Caller.Ticket ticket = exchange.ask(definition.target(), ask, heard::set);
        exchange.hear();
        Reply reply = heard.get();
        Failure failure = reply != null ? reply.failure() : exchange.late(definition.name(), ticket.giveBack());
        if (reply == null || failure != null) {
            throw new SourceUnavailableException(
                    plan.name(),
                    plan.rootComponent(),
                    failure == null ? exchange.late(definition.name(), true) : failure);
        }
        return reply;
    }

    private Page<Object> page(Object[] roots, @Nullable Keyset next) {
        Fetch fetch = new Fetch(plan, exchange, roots.length);
        fetch.run(roots);
        List<Object> rows = rows(roots, fetch.steps());
        Analysis analysis =
                Analyst.analyse(plan, root, roots.length, rows.size(), fetch.steps(), begun, exchange.nanoTime());
        return new Page<>(rows, next, shortage.missing(), analysis);
    }

    private List<Object> rows(Object[] roots, StepRun[] steps) {
        for (StepRun step : steps) {
            step.prepare();
        }
        List<Object> rows = new ArrayList<>(roots.length);
        Object[] components = new Object[steps.length + 1];
        for (int row = 0; row < roots.length; row++) {
            components[plan.rootPosition()] = roots[row];
            if (fill(components, steps, row)) {
                rows.add(plan.binder().apply(components));
            }
        }
        return Collections.unmodifiableList(rows);
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
