package dev.freehold.composition;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to a page depend on beside what is asked.
 *
 * @param people for whom they are good, as {@link CallScope} says; null: for nobody else
 * @param token of what they should have seen; null: anything will do
 */
record Whose(@Nullable Object people, @Nullable String token) {

    private static final Object EVERYBODY = "everybody"; // a text, since caches may write it down

    /** With the token of this thread. */
    static Whose onThisThread(@Nullable Object people) {
        return new Whose(people, Consistency.currentToken());
    }

    /** The same as far as it matters to a source. */
    Whose of(Question.Target source) {
        boolean same = !source.forEverybody() && (token == null || source.heedsToken());
        return same ? this : new Whose(source.forEverybody() ? EVERYBODY : people, source.heedsToken() ? token : null);
    }

    /** What is equal for equal answers; null: nothing is. */
    @Nullable
    Object scope() {
        return people == null || token == null ? people : new WithToken(people, token);
    }

    private record WithToken(@SuppressWarnings("serial") Object people, String token) implements Serializable {}
}
