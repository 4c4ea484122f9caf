package dev.freehold.composition;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one page. All of it runs on the thread that asked for the page, except the sources:
 *
 * <ol>
 *   <li>Components whose parents are known find their keys. Every key goes to its source's table once, whichever component
 *       it is for.
 *   <li>Sources that answer from memory are asked at once, and it goes on at 1. Then each other source with new keys is asked,
 *       as few times as its batches allow. What has been asked before in this page is not asked again.
 *   <li>It waits for any reply, or the end of the budget. A component is known when its keys have been answered; then it goes
 *       on at 1: by the flow of the data, not level by level.
 *   <li>When everything is known, or the budget is over, the rows are made. Calls that are still in flight are given back.
 * </ol>
 */
final class PageRun {

    private final Plan plan;
    private final Caller caller;
    private final Budget budget;
    private final @Nullable Object scope;
    private final Caller.Mailbox mailbox;
    private final Shortage shortage;
    private @Nullable CallerContext context;
    private final List<SourceRun> sources = new ArrayList<>();
    private final StepRun[] steps;
    private final boolean[] begun;
    private final boolean[] known;
    private final Deque<Chunk> unsent = new ArrayDeque<>();
    private final Map<Chunk, Caller.Ticket> inFlight = new IdentityHashMap<>();
    private final Set<Chunk> askedAgain = Collections.newSetFromMap(new IdentityHashMap<>(0));

    PageRun(Plan plan, Caller caller, Budget budget, @Nullable Object scope, Instant now) {
        this.plan = plan;
        this.caller = caller;
        this.budget = budget;
        this.scope = scope;
        this.mailbox = caller.mailbox();
        this.shortage = new Shortage(now);
        this.steps = new StepRun[plan.steps().size()];
        this.begun = new boolean[steps.length];
        this.known = new boolean[steps.length];
    }

    /** Asks the root source for its rows and makes the page around them. */
    Page<Object> page(@Nullable Object filter, Keyset at, int limit) {
        RootRows roots =
                RootRows.of(plan.root(), limit, askRoot(filter, at, limit).answer());
        List<Object> rows = rows(roots.rows());
        return new Page<>(rows, roots.next(), shortage.missing());
    }

    /** Makes the page around rows that are there. */
    Page<Object> compose(Object[] roots) {
        return new Page<>(rows(roots), null, shortage.missing());
    }

    private Reply askRoot(@Nullable Object filter, Keyset at, int limit) {
        RootDefinition root = plan.root();
        RootDefinition.Ask ask = new RootDefinition.Ask(filter, at, root.slices() ? limit : limit + 1);
        AtomicReference<@Nullable Reply> answer = new AtomicReference<>();
        Question question = new Question(root.target(), ask, scope);
        Caller.Ticket ticket =
                caller.ask(question, scope != null, context(), budget, given -> mailbox.put(() -> answer.set(given)));
        deliver();
        Reply reply = answer.get();
        if (reply != null && reply.failure() == null) {
            return reply;
        }
        Failure failure = reply == null ? null : reply.failure();
        if (failure == null) {
            failure = late(root.name(), ticket.giveBack());
        }
        throw new SourceUnavailableException(plan.name(), plan.rootComponent(), failure);
    }

    private List<Object> rows(Object[] roots) {
        openSteps(roots.length);
        try {
            fetch(roots);
        } finally {
            inFlight.values().forEach(Caller.Ticket::giveBack);
        }
        for (StepRun step : steps) {
            step.prepare();
        }
        List<Object> rows = new ArrayList<>(roots.length);
        Object[] components = new Object[steps.length + 1];
        for (int row = 0; row < roots.length; row++) {
            components[plan.rootPosition()] = roots[row];
            if (fill(components, row)) {
                rows.add(plan.binder().apply(components));
            }
        }
        return Collections.unmodifiableList(rows);
    }

    /** False if the row is left out. */
    private boolean fill(Object[] components, int row) {
        for (int i = 0; i < steps.length; i++) {
            Object value = steps[i].value(row, shortage);
            if (value == StepRun.DROPPED) {
                return false;
            }
            components[plan.position(i)] = value;
        }
        return true;
    }

    private void openSteps(int rows) {
        Map<String, SourceRun> byName = new HashMap<>();
        for (Step step : plan.steps()) {
            SourceRun source = byName.computeIfAbsent(step.source().name(), name -> {
                SourceRun run = new SourceRun(step.source(), rows);
                sources.add(run);
                return run;
            });
            StepRun parent = step.parent() < 0 ? null : steps[step.parent()];
            steps[step.index()] = StepRun.of(plan.name(), step, source, parent);
        }
    }

    private void fetch(Object[] roots) {
        while (true) {
            do {
                findKeys(roots);
                askHere();
            } while (settle());
            if (isAllKnown()) {
                return;
            }
            askElsewhere();
            if (!settle() && !deliver()) {
                expire();
            }
        }
    }

    private void findKeys(Object[] roots) {
        for (int i = 0; i < steps.length; i++) {
            int parent = plan.steps().get(i).parent();
            if (!begun[i] && (parent < 0 || known[parent])) {
                begun[i] = true;
                steps[i].begin(roots);
            }
        }
    }

    private void askHere() {
        for (SourceRun source : sources) {
            while (source.source().inline() && source.hasUnasked()) {
                askHere(source.next());
            }
        }
    }

    private void askElsewhere() {
        for (SourceRun source : sources) {
            while (source.hasUnasked()) {
                unsent.add(source.next());
            }
        }
        sendUnsent();
    }

    private void sendUnsent() {
        while (!unsent.isEmpty() && inFlight.size() < plan.maxInFlight()) {
            Chunk chunk = unsent.remove();
            if (budget.isOver()) {
                fail(chunk, late(chunk.source().name(), false));
            } else {
                Consumer<Reply> waiter = reply -> mailbox.put(() -> arrive(chunk, reply));
                inFlight.put(chunk, caller.ask(question(chunk), scope != null, context(), budget, waiter));
            }
        }
    }

    /** Taken when it is needed first: a page that needs no thread but this one needs none. */
    private CallerContext context() {
        if (context == null) {
            context = CallerContext.capture();
        }
        return context;
    }

    private Question question(Chunk chunk) {
        return new Question(chunk.source().target(), chunk.keys(), scope);
    }

    @SuppressWarnings("ThrowableNotThrown") // what a source throws becomes a failure of its keys
    private void askHere(Chunk chunk) {
        Instant asOf = caller.now();
        Object answer;
        try {
            answer = question(chunk).answer(budget);
        } catch (Exception thrown) {
            fail(chunk, Failures.of(chunk.source().name(), thrown));
            return;
        }
        absorb(chunk, answer, asOf);
    }

    private void arrive(Chunk chunk, Reply reply) {
        Caller.Ticket ticket = inFlight.remove(chunk);
        if (ticket == null) {
            return; // it has been given back
        }
        if (reply.failure() == null) {
            absorb(chunk, reply.answer(), reply.asOf());
        } else if (ticket.isShared() && reply.failure().cause() == Cause.TIMEOUT && askedAgain.add(chunk)) {
            unsent.add(chunk); // whoever had asked first may have had less time than this page has
        } else {
            fail(chunk, reply.failure());
        }
    }

    private void absorb(Chunk chunk, @Nullable Object answer, Instant asOf) {
        try {
            chunk.run().absorb(chunk, answer, asOf);
        } catch (RuntimeException unreadable) { // whatever a source's rows do when they are read
            fail(chunk, new Failure(chunk.source().name(), Cause.UNREADABLE, unreadable.toString(), unreadable, null));
        }
    }

    private void fail(Chunk chunk, Failure failure) {
        chunk.run().fail(chunk, failure);
        for (int i = 0; i < steps.length; i++) {
            Step step = steps[i].step;
            if (begun[i] && step.isRequired() && steps[i].source == chunk.run() && steps[i].uses(chunk.outcome())) {
                throw new SourceUnavailableException(plan.name(), step.component(), failure);
            }
        }
    }

    /** True if some component is known now that was not. */
    private boolean settle() {
        boolean some = false;
        for (int i = 0; i < steps.length; i++) {
            if (begun[i] && !known[i] && steps[i].isKnown()) {
                known[i] = true;
                some = true;
            }
        }
        return some;
    }

    private boolean isAllKnown() {
        for (boolean one : known) {
            if (!one) {
                return false;
            }
        }
        return true;
    }

    /** Waits for a reply, and takes in all that have come; false if the budget is over before. */
    private boolean deliver() {
        try {
            Runnable delivery = mailbox.take(budget.deadline());
            boolean some = delivery != null;
            while (delivery != null) {
                delivery.run();
                delivery = mailbox.take(caller.nanoTime());
            }
            sendUnsent();
            return some;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompositionException(
                    "%s: interrupted while it waited for sources".formatted(plan.name()), interrupted);
        }
    }

    private void expire() {
        Map<Chunk, Caller.Ticket> late = new IdentityHashMap<>(inFlight);
        inFlight.clear();
        late.forEach((chunk, ticket) -> fail(chunk, late(chunk.source().name(), ticket.giveBack())));
        while (!unsent.isEmpty()) {
            Chunk chunk = unsent.remove();
            fail(chunk, late(chunk.source().name(), false));
        }
    }

    private Failure late(String source, boolean asked) {
        return asked
                ? Failure.of(source, Cause.TIMEOUT, "no answer within the budget of " + plan.budget())
                : Failure.of(source, Cause.NO_PERMIT, "not asked within the budget of " + plan.budget());
    }
}
