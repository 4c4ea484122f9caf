package dev.freehold.composition;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks the root source of a page for its rows. */
final class RootCall {

    private final Plan plan;
    private final Exchange exchange;
    private final @Nullable Tape tape;

    RootCall(Plan plan, Exchange exchange, @Nullable Tape tape) {
        this.plan = plan;
        this.exchange = exchange;
        this.tape = tape;
    }

    /**
     * Waits for the answer.
     *
     * @return with an answer that is not null
     * @throws SourceUnavailableException if there is none within the budget
     */
    Reply ask(@Nullable Object filter, Map<String, Set<Object>> keys, Keyset at, int limit) {
        RootDefinition root = plan.root();
        RootDefinition.Ask ask = new RootDefinition.Ask(filter, keys, at, root.slices() ? limit : limit + 1);
        Heard heard = hear(ask);
        if (heard.shared() && heard.reply().isTimeout() && !exchange.isOver()) {
            heard = hear(ask); // whoever had asked first may have had less time than this page has
        }
        if (tape != null) {
            tape.roots(at, heard.reply());
        }
        Failure failure = heard.reply().failure();
        if (failure == null && heard.reply().answer() == null) { // as with an empty body: that is no empty list
            failure = Failure.of(root.name(), Cause.UNREADABLE, "it answered with null in place of rows");
        }
        if (failure != null) {
            throw new SourceUnavailableException(plan.name(), plan.rootComponent(), failure);
        }
        return heard.reply();
    }

    private record Heard(Reply reply, boolean shared) {}

    private Heard hear(RootDefinition.Ask ask) {
        RootDefinition root = plan.root();
        AtomicReference<@Nullable Reply> answered = new AtomicReference<>();
        Caller.Ticket ticket = exchange.ask(root, ask, answered::set);
        try {
            exchange.hear();
        } catch (CompositionException interrupted) {
            ticket.giveBack();
            throw interrupted;
        }
        Reply reply = answered.get();
        return reply != null
                ? new Heard(reply, ticket.isShared())
                : new Heard(exchange.unanswered(root.name(), ticket.giveBack()), false);
    }
}
