package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.internal.ActionableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong with a set-up, and what to do, instead of a stack trace. */
final class FreeholdFailureAnalyzer extends AbstractFailureAnalyzer<ActionableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ActionableException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), cause);
    }
}
