package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.freehold.outbox.internal.ActionableException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Checks that a mistake is refused in a way that helps. */
final class Refusal {

    private Refusal() {}

    /** The mistake throws an exception of ours whose advice contains all of the words. */
    static ActionableException of(ThrowingCallable mistake, String... fix) {
        return in(catchThrowable(mistake), fix);
    }

    /** The failure is an exception of ours whose advice contains all of the words. */
    static ActionableException in(@Nullable Throwable failure, String... fix) {
        if (!(failure instanceof ActionableException refusal)) {
            throw new AssertionError("expected a refusal that names the fix, got " + failure, failure);
        }
        assertThat(refusal.action()).contains(fix);
        assertThat(refusal).hasMessage(refusal.description() + " " + refusal.action());
        return refusal;
    }
}
