package dev.freehold.composition;

import java.util.function.Consumer;

/**
 * All keys of a question, for which nobody else asks.
 *
 * @param caller asks it
 * @param question with keys
 * @param context what is set on the thread that asks the source
 * @param budget of the page
 */
record OwnShare(Caller caller, Question question, CallerContext context, Budget budget) implements Caller.Share {

    @Override
    public KeyList keys() {
        return (KeyList) question.arguments();
    }

    @Override
    public KeyList asked() {
        return keys();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Caller.Ticket ask(Consumer<Reply> waiter) {
        return caller.ask(question, true, context, budget, waiter);
    }

    @Override
    public void leave() {}
}
