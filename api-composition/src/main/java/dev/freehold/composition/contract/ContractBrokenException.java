package dev.freehold.composition.contract;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a service says about its answers does not fit what a consumer makes of them. It has all that does not, each with what to do.
 * It is an {@link AssertionError}, so that a test in which it is thrown has failed and not gone wrong.
 */
public final class ContractBrokenException extends AssertionError {

    private static final long serialVersionUID = 1L;

    /** Not for serialization: it is told, not sent. */
    private final transient List<Drift> drifts;

    ContractBrokenException(String document, List<Drift> drifts) {
        super(drifts.stream()
                .map(drift -> drift.where() + " " + drift.what() + " " + drift.fix())
                .collect(Collectors.joining(
                        "\n", "%s does not fit its consumer (%d):%n".formatted(document, drifts.size()), "")));
        this.drifts = List.copyOf(drifts);
    }

    /** What does not fit. */
    public List<Drift> drifts() {
        return drifts;
    }

    /**
     * One thing that does not fit.
     *
     * @param where the method or type of the consumer, and the property in the answer, as in {@code CustomerApi.byIds [].name}
     * @param what does not fit, a sentence; with the place in the document
     * @param fix what to do, a sentence
     */
    public record Drift(String where, String what, String fix) {}
}
