package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.InvalidDeclarationException;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong with sources and views, and what to do, instead of a stack trace. */
final class DeclarationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidDeclarationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidDeclarationException cause) {
        String wrong = cause.problems().stream()
                .map(problem -> problem.where() + " " + problem.what())
                .collect(Collectors.joining("\n"));
        String fixes = cause.problems().stream()
                .map(problem -> problem.where() + ": " + problem.fix())
                .collect(Collectors.joining("\n"));
        return new FailureAnalysis(wrong, fixes, cause);
    }
}
