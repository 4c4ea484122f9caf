package dev.freehold.benchmark.composition;

import java.time.Duration;

/**
 * What a scenario wants of contestants that can do it.
 *
 * @param budget how long a page may take
 * @param pages how many pages are made at once: as many calls of a source are to be possible
 * @param attempts how often a call is tried at most
 * @param scope for whom pages are made: {@link Scope#SAME} if they may share calls
 */
record Rules(Duration budget, int pages, int attempts, Scope scope) {

    /** Keys of a call in {@link Contestant#customersInBatches}. */
    static final int FEW = 10;

    /** Calls at once in {@link Contestant#customersInBatches}. */
    static final int FEW_CALLS = 8;

    /** That many pages at once, without limits that any of them meets. */
    static Rules forPages(int atOnce) {
        return new Rules(Duration.ofMinutes(1), atOnce, 1, Scope.OF_EACH);
    }

    Rules withBudget(Duration other) {
        return new Rules(other, pages, attempts, scope);
    }

    Rules withAttempts(int other) {
        return new Rules(budget, pages, other, scope);
    }

    Rules withScope(Scope other) {
        return new Rules(budget, pages, attempts, other);
    }

    /** Whether pages are made for the same user. */
    enum Scope {
        /** Each is for another one. */
        OF_EACH,
        /** All are for the same one. */
        SAME
    }
}
