package dev.freehold.benchmark.composition;

import java.time.Duration;

/**
 * What a scenario wants of contestants that can do it.
 *
 * @param budget how long a page may take
 * @param concurrency calls of a source at once
 * @param attempts how often a call is tried at most
 * @param scope for whom pages are made: {@link Scope#SAME} if they may share calls
 */
record Rules(Duration budget, int concurrency, int attempts, Scope scope) {

    /** Keys of a call in {@link Contestant#customersInBatches}. */
    static final int FEW = 10;

    /** Calls at once in {@link Contestant#customersInBatches}. */
    static final int FEW_CALLS = 8;

    /** Without limits that any page meets. */
    static Rules generous() {
        return new Rules(Duration.ofMinutes(1), 1_000, 1, Scope.OF_EACH);
    }

    Rules withBudget(Duration other) {
        return new Rules(other, concurrency, attempts, scope);
    }

    Rules withAttempts(int other) {
        return new Rules(budget, concurrency, other, scope);
    }

    Rules withScope(Scope other) {
        return new Rules(budget, concurrency, attempts, other);
    }

    /** Whether pages are made for the same user. */
    enum Scope {
        /** Each is for another one. */
        OF_EACH,
        /** All are for the same one. */
        SAME
    }
}
