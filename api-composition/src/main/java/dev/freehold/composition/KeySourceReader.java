package dev.freehold.composition;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** Reads a method with {@link KeySource}. */
final class KeySourceReader {

    private static final int MAX_KEYS = 10_000;

    private final Object bean;
    private final Method method;
    private final KeySource declared;
    private final Problems problems;
    private final String where;

    KeySourceReader(Object bean, Method method, KeySource declared, Problems problems) {
        this.bean = bean;
        this.method = method;
        this.declared = declared;
        this.problems = problems;
        this.where = BeanMethod.name(method);
    }

    /** Null if something is wrong, which has been added to the problems. */
    @Nullable
    KeyFinder read() {
        int before = problems.count();
        if (declared.maxKeys() < 1 || declared.maxKeys() > MAX_KEYS) {
            wrong("has maxKeys = %d.".formatted(declared.maxKeys()), "Say 1 to %d.".formatted(MAX_KEYS));
        }
        int matched = matched();
        ResolvableType returned = BeanMethod.answer(method, bean, CompletionStage.class);
        if (!Collection.class.isAssignableFrom(PropertyPath.raw(returned))) {
            wrong("returns %s.".formatted(PropertyPath.name(returned)), "Return a collection of keys.");
        }
        if (problems.count() > before) {
            return null;
        }
        return new KeyFinder(
                declared.source(),
                where,
                KeyTypes.boxed(ResolvableType.forMethodParameter(method, matched, bean.getClass())),
                KeyTypes.boxed(returned.as(Collection.class).getGeneric(0)),
                declared.maxKeys(),
                target(matched));
    }

    private void wrong(String what, String fix) {
        problems.add(where, what, fix);
    }

    /** Where it is told what to match; -1 if something is wrong. */
    private int matched() {
        int matched = -1;
        int others = 0;
        int limits = 0;
        for (int i = 0; i < method.getParameterCount(); i++) {
            Class<?> type = method.getParameterTypes()[i];
            if (type == int.class) {
                limits++;
            } else if (!BeanMethod.isSurrounding(type)) {
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
        BeanMethod called = new BeanMethod(bean, method);
        Class<?>[] types = method.getParameterTypes();
        boolean heedsToken = declared.heedsToken() || BeanMethod.takesConsistency(method);
        return new Question.Target() {
            @Override
            public String name() {
                return declared.source();
            }

            @Override
            public boolean interruptible() {
                return declared.interruptible();
            }

            @Override
            public boolean heedsToken() {
                return heedsToken;
            }

            @Override
            public @Nullable Object answer(Object arguments, Budget budget) throws Exception {
                KeyFinder.Match match = (KeyFinder.Match) arguments;
                Object[] values = new Object[types.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = i == matched
                            ? match.value()
                            : types[i] == int.class ? (Object) match.limit() : BeanMethod.surrounding(types[i], budget);
                }
                return called.call(values, budget, match.limit());
            }
        };
    }
}
