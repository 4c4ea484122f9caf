package dev.freehold.composition;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds out what the components of a page need:
 *
 * <ol>
 *   <li>Components whose parents are known find their keys. Every key goes to its source's table once, whichever component
 *       it is for.
 *   <li>What caches know is taken from there. Sources that answer from memory are asked at once, and it goes on at 1. Then
 *       each other source with new keys is asked, as few times as its batches allow. What has been asked before in this
 *       page is not asked again.
 *   <li>It waits for any reply, or the end of the budget. A component is known when its keys have been answered; then it goes
 *       on at 1: by the flow of the data, not level by level.
 *   <li>When everything is known it is done. At the end of the budget, what is unknown has failed.
 * </ol>
 */
final class Fetch {

    private final Plan plan;
    private final Exchange exchange;
    private final SourceRun[] sources;
    private final StepRun[] steps;
    private final boolean[] begun;
    private final boolean[] known;
    private final Turns turns;
    private Map<Chunk, Caller.Ticket> inFlight = Collections.emptyMap(); // as the others: most pages need none
    private Set<Caller.Share> held = Collections.emptySet();
    private Set<Chunk> askedAgain = Collections.emptySet();

    /**
     * To be {@linkplain #run run} once.
     *
     * @param sources with what the page has asked before
     */
    Fetch(Plan plan, Exchange exchange, SourceRun[] sources) {
        this.plan = plan;
        this.exchange = exchange;
        this.steps = new StepRun[plan.steps().size()];
        this.begun = new boolean[steps.length];
        this.known = new boolean[steps.length];
        this.sources = sources;
        this.turns = new Turns(plan.limits(), sources, this::isWanted);
        for (Step step : plan.steps()) {
            StepRun parent = step.parent() < 0 ? null : steps[step.parent()];
            SourceRun source = sources[plan.source(step.index())];
            steps[step.index()] = StepRun.of(plan.name(), step, source, parent);
        }
    }

    /** What the components got, in the order of the plan's steps. */
    StepRun[] steps() {
        return steps;
    }

    /** To be called once. */
    void run(Object[] roots) {
        try {
            while (!advance(roots)) {
                send();
                if (!settle()) {
                    hear();
                }
            }
        } finally {
            try {
                inFlight.values().forEach(Caller.Ticket::giveBack);
            } finally {
                held.forEach(Caller.Share::leave);
            }
        }
    }

    /** Goes as far as it gets without another thread; true if that is the end. */
    private boolean advance(Object[] roots) {
        do {
            findKeys(roots);
            recall();
            askHere();
        } while (settle());
        for (boolean one : known) {
            if (!one) {
                return false;
            }
        }
        return true;
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

    private void recall() {
        for (SourceRun source : sources) {
            if (source.source().cache() != null) {
                source.recall(exchange.whose(source.source().target()), exchange::now);
            }
        }
    }

    private void askHere() {
        for (SourceRun source : sources) {
            while (source.source().inline() && source.hasUnasked()) {
                Chunk chunk = source.next();
                take(chunk, exchange.askHere(chunk.source().target(), chunk.keys()));
            }
        }
    }

    private void send() {
        for (Chunk next = turns.next(); next != null; next = turns.next()) {
            Chunk chunk = next;
            if (exchange.isOver()) {
                turns.ended(chunk);
                fail(chunk, exchange.late(chunk.source().name(), false));
            } else {
                ask(chunk);
            }
        }
    }

    private void ask(Chunk chunk) {
        List<Caller.Share> shares =
                askedAgain.contains(chunk) ? List.of() : exchange.divide(chunk.source(), chunk.keys());
        if (shares.isEmpty()) {
            await(chunk, exchange.ask(chunk.source(), chunk.keys(), reply -> arrive(chunk, reply)));
            return;
        }
        hold(shares);
        turns.ended(chunk);
        Chunk rest = chunk.run().recallAgain(chunk, exchange.now());
        if (rest != chunk) {
            shares.forEach(this::leave);
            if (!rest.keys().isEmpty()) {
                turns.begun(rest);
                ask(rest);
            }
            return;
        }
        for (Chunk part : chunk.run().divide(chunk, shares)) {
            if (takesTurn(part)) {
                turns.begun(part);
            }
            await(part, exchange.ask(shareOf(part), reply -> arrive(part, reply)));
        }
    }

    private void await(Chunk chunk, Caller.Ticket ticket) {
        if (inFlight.isEmpty()) {
            inFlight = new IdentityHashMap<>(4);
        }
        chunk.outcome().sent(exchange.nanoTime());
        inFlight.put(chunk, ticket);
    }

    private void hold(List<Caller.Share> shares) {
        if (held.isEmpty()) {
            held = Collections.newSetFromMap(new IdentityHashMap<>(4));
        }
        held.addAll(shares);
    }

    /** False if it has been so already. */
    private boolean isToBeAskedAgain(Chunk chunk) {
        if (askedAgain.isEmpty()) {
            askedAgain = Collections.newSetFromMap(new IdentityHashMap<>(1));
        }
        return askedAgain.add(chunk);
    }

    /** What another page has asked for is no call of this one. */
    private boolean takesTurn(Chunk chunk) {
        return chunk.share() == null || !chunk.share().isShared() || askedAgain.contains(chunk);
    }

    private void leave(Caller.Share share) {
        if (held.remove(share)) {
            share.leave();
        }
    }

    private static Caller.Share shareOf(Chunk part) {
        return Objects.requireNonNull(part.share());
    }

    private void hear() {
        if (exchange.hear()) {
            send();
        } else {
            expire();
        }
    }

    private void expire() {
        Map<Chunk, Failure> late = new IdentityHashMap<>();
        inFlight.forEach((chunk, ticket) -> {
            boolean asked = ticket.giveBack();
            if (asked) { // so the time was the source's
                chunk.outcome().took(chunk.outcome().began(), exchange.nanoTime());
            }
            late.put(chunk, exchange.late(chunk.source().name(), asked));
        });
        inFlight.keySet().stream().filter(this::takesTurn).forEach(turns::ended);
        inFlight.clear();
        late.forEach(this::fail); // all have been given back: this may end the page
        turns.rest().forEach(chunk -> fail(chunk, exchange.late(chunk.source().name(), false)));
    }

    private void arrive(Chunk chunk, Reply reply) {
        Caller.Ticket ticket = inFlight.remove(chunk);
        if (ticket == null) {
            return; // it has been given back
        }
        if (takesTurn(chunk)) {
            turns.ended(chunk);
        }
        if (reply.isTimeout() && ticket.isShared() && isToBeAskedAgain(chunk)) {
            turns.again(chunk); // whoever had asked first may have had less time than this page has
        } else {
            take(chunk, reply);
        }
        if (chunk.share() != null) {
            leave(chunk.share()); // not before the cache knows
        }
    }

    private void take(Chunk chunk, Reply reply) {
        chunk.outcome().took(reply.began(), reply.ended());
        if (reply.failure() != null) {
            fail(chunk, reply.failure());
            return;
        }
        try {
            chunk.run().absorb(chunk, reply);
        } catch (CallFailedException known) {
            fail(chunk, Failures.of(chunk.source().name(), known));
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

    private boolean isWanted(SourceRun source) {
        for (int i = 0; i < steps.length; i++) {
            if (steps[i].source == source && !known[i]) {
                return true;
            }
        }
        return false;
    }

    /** True if some component is known now that was not. */
    private boolean settle() {
        boolean some = false;
        long now = 0;
        for (int i = 0; i < steps.length; i++) {
            if (begun[i] && !known[i] && steps[i].isKnown()) {
                now = some ? now : exchange.nanoTime();
                known[i] = true;
                steps[i].known(now);
                some = true;
            }
        }
        return some;
    }
}
