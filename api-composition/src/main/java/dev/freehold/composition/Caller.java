package dev.freehold.composition;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has sources called, somewhere else and some time later. */
interface Caller extends AutoCloseable {

    /**
     * Asks. The reply is given to the waiter on any thread, at most once, unless the ticket has been given back.
     *
     * @param sharable whether an equal question that is in flight may answer this one, too
     * @param context what is set on the thread that asks the source
     */
    Ticket ask(Question question, boolean sharable, CallerContext context, Budget budget, Consumer<Reply> waiter);

    /**
     * Asks for keys that may be asked for already: together with those who do, and for the rest itself; unless it knows of others, for
     * all itself.
     *
     * @param question with keys and a scope
     * @param context what is set on the thread that asks the source
     */
    default List<Share> divide(Question question, CallerContext context, Budget budget) {
        return List.of(new OwnShare(this, question, context, budget));
    }

    /**
     * Asks on this thread.
     *
     * @param asOf when the page began
     */
    Reply askHere(Question question, Budget budget, Instant asOf) throws Exception;

    /** How many calls of each source are being carried out, also such that nobody waits for. */
    Map<String, Integer> inFlight();

    /** Stops what is in flight. */
    @Override
    void close();

    /** A place where a page waits for replies. */
    Mailbox mailbox();

    /** What time it is. */
    Instant now();

    /** Nanoseconds of no particular origin. */
    long nanoTime();

    /** Some of the keys, and the call that asks for them, perhaps among others. */
    interface Share {

        /** Those keys. */
        KeyList keys();

        /** All that the call asks for. */
        KeyList asked();

        /** Whether another page asks for it. */
        boolean isShared();

        /** Waits for the answer, as with {@link Caller#ask}. */
        Ticket ask(Consumer<Reply> waiter);

        /** The answer has been taken in, or is not wanted any more. To be called once. */
        void leave();
    }

    /** The right to an answer. */
    interface Ticket {

        /** Gives it back: the answer is not wanted any more. True if the source has been asked. */
        boolean giveBack();

        /** Whether somebody else had asked before, so that the source knows of a shorter budget, perhaps. */
        boolean isShared();
    }

    /** Where a page waits for replies. */
    interface Mailbox {

        /** Has that done by the thread of the page; by any thread. */
        void put(Runnable delivery);

        /** Waits for the next delivery; null if there is none until then. */
        @Nullable
        Runnable take(long deadline) throws InterruptedException;
    }
}
