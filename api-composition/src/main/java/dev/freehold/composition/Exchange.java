package dev.freehold.composition;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a page asks, and the replies that it hears. All of it is on the thread of the page, except the sources. */
final class Exchange {

    private final Plan plan;
    private final Caller caller;
    private final Budget budget;
    private final Whose whose;
    private final Instant begun;
    private Caller.@Nullable Mailbox mailbox;
    private @Nullable CallerContext context;

    Exchange(Plan plan, Caller caller, Budget budget, Whose whose, Instant begun) {
        this.begun = begun;
        this.plan = plan;
        this.caller = caller;
        this.budget = budget;
        this.whose = whose;
    }

    /** What the answers of a source to this page depend on. */
    Whose whose(Question.Target source) {
        return whose.of(source);
    }

    private Question question(Question.Target source, Object arguments) {
        Whose own = whose(source);
        return new Question(source, arguments, own.scope(), own.token());
    }

    Instant now() {
        return caller.now();
    }

    /** Asks a source; what comes of it is given back by {@link #hear}. */
    Caller.Ticket ask(SourceDefinition source, KeyList keys, Consumer<Reply> then) {
        return ask(question(source.target(), keys), then);
    }

    /** Asks a cached source for keys that may be asked for already; empty if it is to be asked alone. */
    List<Caller.Share> divide(SourceDefinition source, KeyList keys) {
        if (source.cache() == null) {
            return List.of();
        }
        Question question = question(source.target(), keys);
        return question.scope() == null ? List.of() : caller.divide(question, context(), budget);
    }

    /** Asks for a share; what comes of it is given back by {@link #hear}. */
    Caller.Ticket ask(Caller.Share share, Consumer<Reply> then) {
        return share.ask(heard(then));
    }

    /** Asks a root source; what comes of it is given back by {@link #hear}. */
    Caller.Ticket ask(RootDefinition root, RootDefinition.Ask ask, Consumer<Reply> then) {
        return ask(question(root.target(), ask), then);
    }

    /** A call that has begun before the write that the page should show is joined by no source but those that heed its token. */
    private Caller.Ticket ask(Question question, Consumer<Reply> then) {
        boolean sharable = question.scope() != null && (whose.token() == null || question.token() != null);
        return caller.ask(question, sharable, context(), budget, heard(then));
    }

    private Consumer<Reply> heard(Consumer<Reply> then) {
        Caller.Mailbox open = mailbox();
        return reply -> open.put(() -> then.accept(reply));
    }

    /** Opened when it is needed first. */
    private Caller.Mailbox mailbox() {
        if (mailbox == null) {
            mailbox = caller.mailbox();
        }
        return mailbox;
    }

    /** Asks for the keys that match something; what comes of it is given back by {@link #hear}. */
    Caller.Ticket ask(KeyFinder finder, KeyFinder.Match match, Consumer<Reply> then) {
        return ask(question(finder.target(), match), then);
    }

    /** Asks a source on this thread; for what it answers from memory, the page has begun now. */
    Reply askHere(Question.Target source, Object arguments) {
        long began = caller.nanoTime();
        Question question = new Question(source, arguments, null, whose(source).token());
        try (Budget.Scope open = budget.open()) {
            return whose.token() == null ? caller.askHere(question, budget, begun) : heeding(question);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        } catch (Exception | LinkageError | AssertionError thrown) {
            return new Reply(null, Failures.of(source.name(), thrown), begun, began, caller.nanoTime());
        }
    }

    /** The thread knows of the page's token, and so may the source, or not. */
    private Reply heeding(Question question) throws Exception {
        Consistency wanted = Consistency.ofCall(question.token());
        try (Consistency.Scope open = wanted.open()) {
            Reply reply = caller.askHere(question, budget, begun);
            return wanted.isMissed() ? reply.missing() : reply;
        }
    }

    /** Waits for a reply, and takes in all that have come; false if the budget is over before. */
    boolean hear() {
        try {
            Caller.Mailbox open = mailbox();
            Runnable delivery = open.take(budget.deadline());
            boolean some = delivery != null;
            while (delivery != null) {
                delivery.run();
                delivery = open.take(caller.nanoTime());
            }
            return some;
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private CompositionException interrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new CompositionException(
                "%s: interrupted while it waited for sources".formatted(plan.name()), interrupted);
    }

    boolean isOver() {
        return budget.isOver();
    }

    long nanoTime() {
        return caller.nanoTime();
    }

    /** Stands for the reply that has not come by the end of the budget. */
    Reply unanswered(String source, boolean asked) {
        return new Reply(null, late(source, asked), caller.now(), 0, 0);
    }

    /** Why there is no answer at the end of the budget. */
    Failure late(String source, boolean asked) {
        return asked
                ? Failure.of(source, Cause.TIMEOUT, "no answer within the budget of " + Durations.text(plan.budget()))
                : Failure.of(
                        source, Cause.NO_PERMIT, "not asked within the budget of " + Durations.text(plan.budget()));
    }

    /** Taken when it is needed first: a page that needs no thread but this one needs none. */
    private CallerContext context() {
        if (context == null) {
            context = CallerContext.capture();
        }
        return context;
    }
}
