package dev.freehold.composition;

import java.util.List;
import java.util.stream.Collectors;

/** Sources or views are declared in a way that cannot work. It has all that is wrong, each with what to do. */
public final class InvalidDeclarationException extends CompositionException {

    private static final long serialVersionUID = 1L;

    /** Not for serialization: exceptions are told, not sent. */
    private final transient List<Problem> problems;

    InvalidDeclarationException(List<Problem> problems) {
        super(problems.stream()
                .map(problem -> problem.where() + " " + problem.what() + " " + problem.fix())
                .collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param where the method, the source of a spec, or the record and its component
     * @param what is wrong with it, a sentence
     * @param fix what to do, a sentence
     */
    public record Problem(String where, String what, String fix) {}
}
