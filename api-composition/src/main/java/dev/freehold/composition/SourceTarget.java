package dev.freehold.composition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source as it is called: what it takes is put in its parameters' places. */
final class SourceTarget implements Question.Target {

    private final Callee callee;
    private final SourceReader.Keys keys;
    private final Hedges.@Nullable After hedgeAfter;
    private final List<Callee.Parameter> parameters;
    private final String name; // as the others: of an annotation, which is slow to ask
    private final boolean forEverybody;
    private final boolean interruptible;
    private final boolean heedsToken;
    private final int atMost;

    SourceTarget(Callee callee, Source declared, SourceReader.Keys keys, Hedges.@Nullable After hedgeAfter) {
        this.callee = callee;
        this.keys = keys;
        this.hedgeAfter = hedgeAfter;
        this.parameters = callee.parameters();
        this.name = declared.name();
        this.forEverybody = declared.forEverybody();
        this.interruptible = !declared.uninterruptible();
        this.heedsToken = declared.heedsToken() || callee.takesConsistency();
        this.atMost = declared.maxRows() + 1; // one more is too many already
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean forEverybody() {
        return forEverybody;
    }

    @Override
    public Hedges.@Nullable After hedgeAfter() {
        return hedgeAfter;
    }

    @Override
    public boolean interruptible() {
        return interruptible;
    }

    @Override
    public boolean heedsToken() {
        return heedsToken;
    }

    @Override
    public @Nullable Object answer(Object arguments, Budget budget) throws Exception {
        KeyList list = (KeyList) arguments;
        Object[] values = new Object[parameters.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == keys.limit()
                    ? (Object) list.rowsOfEach()
                    : i == keys.parameter() ? keys.of(list) : parameters.get(i).surrounding(budget);
        }
        return keys.batch() ? callee.call(values, budget, atMost) : found(values, budget);
    }

    /** With one key, that the service knows no such thing is an answer; with many, it is a failure. */
    private @Nullable Object found(Object[] values, Budget budget) throws Exception {
        try {
            return callee.call(values, budget, atMost);
        } catch (Exception failed) {
            if (Failures.isNotFound(failed)) {
                return null;
            }
            throw failed;
        }
    }
}
