package dev.freehold.composition;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** Reads what is declared with {@link KeySource}, or {@link KeySourceSpec}. */
final class KeySourceReader {

    private static final int MAX_KEYS = 10_000;

    private final Callee callee;
    private final KeySource declared;
    private final Site site;

    KeySourceReader(Callee callee, KeySource declared, Site site) {
        this.callee = callee;
        this.declared = declared;
        this.site = site;
    }

    Site site() {
        return site;
    }

    /** Null if something is wrong, which has been added to the problems. */
    @Nullable
    KeyFinder read() {
        int before = site.problems().count();
        if (declared.maxKeys() < 1 || declared.maxKeys() > MAX_KEYS) {
            wrong("has %s.".formatted(site.option("maxKeys", declared.maxKeys())), "Say 1 to %d.".formatted(MAX_KEYS));
        }
        int matched = matched();
        ResolvableType returned = callee.answer(CompletionStage.class);
        if (!Collection.class.isAssignableFrom(PropertyPath.raw(returned))) {
            wrong("returns %s.".formatted(PropertyPath.name(returned)), "Return a collection of keys.");
        }
        if (site.problems().count() > before) {
            return null;
        }
        return new KeyFinder(
                declared.source(),
                site.name(),
                KeyTypes.boxed(callee.parameters().get(matched).type()),
                KeyTypes.boxed(returned.as(Collection.class).getGeneric(0)),
                declared.maxKeys(),
                target(matched));
    }

    private void wrong(String what, String fix) {
        site.wrong(what, fix);
    }

    /** Where it is told what to match; -1 if something is wrong. */
    private int matched() {
        int matched = -1;
        int others = 0;
        int limits = 0;
        for (int i = 0; i < callee.parameters().size(); i++) {
            Class<?> type = callee.parameters().get(i).raw();
            if (type == int.class) {
                limits++;
            } else if (!callee.parameters().get(i).isSurrounding()) {
                matched = i;
                others++;
            }
        }
        if (limits != 1) {
            wrong(
                    "takes %s limit.".formatted(limits == 0 ? "no" : "more than one"),
                    "Add one parameter of type int: how many keys are wanted at most.");
        }
        if (others != 1) {
            wrong(
                    "has %d parameters that could be what to match.".formatted(others),
                    "Leave one, of the type of the filter's component.");
        }
        return limits == 1 && others == 1 ? matched : -1;
    }

    private Question.Target target(int matched) {
        List<Callee.Parameter> parameters = callee.parameters();
        String name = declared.source(); // of an annotation, which is slow to ask
        boolean interruptible = !declared.uninterruptible();
        boolean heedsToken = declared.heedsToken() || callee.takesConsistency();
        return new Question.Target() {
            @Override
            public String name() {
                return name;
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
                KeyFinder.Match match = (KeyFinder.Match) arguments;
                Object[] values = new Object[parameters.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = i == matched
                            ? match.value()
                            : parameters.get(i).raw() == int.class
                                    ? (Object) match.limit()
                                    : parameters.get(i).surrounding(budget);
                }
                return callee.call(values, budget, match.limit());
            }
        };
    }
}
