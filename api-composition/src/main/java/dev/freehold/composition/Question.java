package dev.freehold.composition;

import org.jspecify.annotations.Nullable;

/**
 * What a source is asked, once. Two questions are equal if the same source is asked the same for the same people: then one
 * call answers both.
 *
 * @param source which
 * @param arguments what it is asked; equal if the questions are
 * @param scope for whom; null: equal to nobody's
 * @param token that the source should heed; null: none
 */
record Question(
        Target source,
        Object arguments,
        @Nullable Object scope,
        @Nullable String token) {

    Question(Target source, Object arguments, @Nullable Object scope) {
        this(source, arguments, scope, null);
    }

    /** What can be asked. */
    interface Target {

        String name();

        /** Whether its answers do not depend on who asks. */
        default boolean forEverybody() {
            return false;
        }

        /** Whether it hears by an interrupt that nobody waits for its answer any more. */
        default boolean interruptible() {
            return true;
        }

        /** Whether it is told what it should have seen. */
        default boolean heedsToken() {
            return false;
        }

        /** When it is asked a second time for the same; null: never. */
        default Hedges.@Nullable After hedgeAfter() {
            return null;
        }

        /** Answers, on the calling thread. */
        @Nullable
        Object answer(Object arguments, Budget budget) throws Exception;
    }

    /** The same with other arguments. */
    Question with(Object others) {
        return new Question(source, others, scope, token);
    }

    @Nullable
    Object answer(Budget budget) throws Exception {
        return source.answer(arguments, budget);
    }
}
