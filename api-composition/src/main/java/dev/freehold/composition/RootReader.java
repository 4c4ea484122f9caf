package dev.freehold.composition;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Reads a method with {@link RootSource}. */
final class RootReader {

    private final Object bean;
    private final Method method;
    private final RootSource declared;
    private final Problems problems;
    private final String where;

    RootReader(Object bean, Method method, RootSource declared, Problems problems) {
        this.bean = bean;
        this.method = method;
        this.declared = declared;
        this.problems = problems;
        this.where = BeanMethod.name(method);
    }

    /** Where its parameters stand; -1: nowhere. */
    private record Parameters(int filter, int keyset, int limit) {}

    /** Null if something is wrong, which has been added to the problems. */
    @Nullable
    RootDefinition read() {
        int before = problems.count();
        if (declared.name().isBlank()) {
            wrong("has no name.", "Name the source: @RootSource(name = \"orders\", …).");
        }
        Hedges.After hedgeAfter = Hedges.After.of(declared.hedgeAfter(), where, problems);
        Parameters parameters = parameters();
        ResolvableType row = row();
        List<RootDefinition.SortBy> sort = row == null ? List.of() : sort(row);
        List<RootDefinition.Restriction> semiJoins = row == null ? List.of() : semiJoins(row);
        Class<?> filter = parameters == null ? null : filter(parameters);
        if (problems.count() > before || parameters == null || row == null) {
            return null;
        }
        return new RootDefinition(
                declared.name(),
                where,
                PropertyPath.raw(row),
                filter,
                sort,
                List.of(declared.filters()),
                semiJoins,
                PropertyPath.raw(returned()) == Slice.class,
                target(parameters, hedgeAfter));
    }

    private void wrong(String what, String fix) {
        problems.add(where, what, fix);
    }

    private @Nullable Parameters parameters() {
        int filter = -1;
        int keyset = -1;
        int limit = -1;
        int others = 0;
        int keysets = 0;
        int limits = 0;
        for (int i = 0; i < method.getParameterCount(); i++) {
            Class<?> type = method.getParameterTypes()[i];
            if (type == Keyset.class) {
                keyset = i;
                keysets++;
            } else if (type == int.class) {
                limit = i;
                limits++;
            } else if (!BeanMethod.isSurrounding(type) && semiJoin(i) == null) {
                filter = i;
                others++;
            }
        }
        if (keyset < 0) {
            wrong("takes no Keyset.", "Add a parameter of that type: the rows begin behind it.");
        }
        if (limit < 0) {
            wrong("takes no limit.", "Add a parameter of type int: how many rows are wanted at most.");
        }
        if (keysets > 1 || limits > 1) {
            wrong(
                    "has %d parameters of type %s."
                            .formatted(Math.max(keysets, limits), keysets > 1 ? "Keyset" : "int"),
                    "Leave one: there is one place where the rows begin, and one limit.");
        }
        if (others > 1) {
            wrong(
                    "has %d parameters that could be the filter.".formatted(others),
                    "Make them components of one record.");
        }
        return keysets != 1 || limits != 1 || others > 1 ? null : new Parameters(filter, keyset, limit);
    }

    private ResolvableType returned() {
        return BeanMethod.answer(method, bean, CompletionStage.class);
    }

    private @Nullable ResolvableType row() {
        ResolvableType returned = returned();
        Class<?> raw = PropertyPath.raw(returned);
        if (raw != List.class && raw != Slice.class) {
            wrong("returns %s.".formatted(PropertyPath.name(returned)), "Return List<R>, or Slice<R>.");
            return null;
        }
        ResolvableType row = returned.getGeneric(0);
        if (PropertyPath.raw(row) == Object.class) {
            wrong(
                    "does not say what its rows are.",
                    "Give the type of its rows: List<Order> instead of List or List<?>.");
            return null;
        }
        return row;
    }

    private @Nullable Class<?> filter(Parameters parameters) {
        if (parameters.filter() < 0) {
            if (declared.filters().length > 0) {
                wrong(
                        "declares filters, but takes none.",
                        "Add a parameter: a record with %s.".formatted(String.join(", ", declared.filters())));
            }
            return null;
        }
        Class<?> type = method.getParameterTypes()[parameters.filter()];
        if (!type.isRecord()) {
            wrong("filters by %s, which is no record.".formatted(type.getSimpleName()), "Make it a record.");
            return null;
        }
        for (String filter : declared.filters()) {
            if (Arrays.stream(type.getRecordComponents())
                    .noneMatch(component -> component.getName().equals(filter))) {
                wrong(
                        "declares filter '%s', which %s does not have.".formatted(filter, type.getSimpleName()),
                        Problems.choose(filter, Properties.names(type)));
            }
        }
        return type;
    }

    // ---- semi-joins

    private @Nullable SemiJoin semiJoin(int parameter) {
        return AnnotatedElementUtils.findMergedAnnotation(method.getParameters()[parameter], SemiJoin.class);
    }

    private List<RootDefinition.Restriction> semiJoins(ResolvableType row) {
        List<RootDefinition.Restriction> semiJoins = new ArrayList<>();
        for (int i = 0; i < method.getParameterCount(); i++) {
            SemiJoin declaredHere = semiJoin(i);
            if (declaredHere != null) {
                ResolvableType keys = ResolvableType.forMethodParameter(method, i, bean.getClass());
                RootDefinition.Restriction restriction = semiJoin(row, declaredHere.value(), keys);
                if (restriction != null) {
                    semiJoins.add(restriction);
                }
            }
        }
        return semiJoins;
    }

    private RootDefinition.@Nullable Restriction semiJoin(ResolvableType row, String path, ResolvableType keys) {
        if (!PropertyPath.raw(keys).isAssignableFrom(Set.class)) {
            wrong("has @SemiJoin(\"%s\") on %s.".formatted(path, PropertyPath.name(keys)), "Make it a Set of keys.");
            return null;
        }
        try {
            PropertyPath property = PropertyPath.of(row, path);
            Class<?> type = KeyTypes.boxed(property.type());
            if (property.reader() != null
                    && type == KeyTypes.boxed(keys.as(Iterable.class).getGeneric(0))) {
                return new RootDefinition.Restriction(path, type, property.reader());
            }
            wrong(
                    "has @SemiJoin(\"%s\") on %s, but that property is %s."
                            .formatted(path, PropertyPath.name(keys), PropertyPath.name(property.type())),
                    "Make it a Set of that type.");
        } catch (PropertyPath.UnknownPropertyException unknown) {
            wrong("has @SemiJoin(\"%s\").".formatted(path), unknown.getMessage() + ".");
        }
        return null;
    }

    // ---- sort

    private List<RootDefinition.SortBy> sort(ResolvableType row) {
        if (declared.sort().length == 0) {
            wrong(
                    "does not say what its rows are sorted by.",
                    "Say sort = {\"createdAt\", \"id\"}: pages begin behind a row, so the order must tell all rows apart.");
        }
        List<RootDefinition.SortBy> sort = new ArrayList<>();
        for (String text : declared.sort()) {
            RootDefinition.SortBy by = sortBy(row, text.trim());
            if (by != null) {
                sort.add(by);
            }
        }
        return sort;
    }

    private RootDefinition.@Nullable SortBy sortBy(ResolvableType row, String text) {
        String[] words = text.split("\\s+");
        boolean descending = words.length == 2 && words[1].equalsIgnoreCase("desc");
        if (words.length > 2 || words.length == 2 && !descending && !words[1].equalsIgnoreCase("asc")) {
            wrong("sorts by '%s'.".formatted(text), "Say a property, and maybe asc or desc: \"createdAt desc\".");
            return null;
        }
        try {
            PropertyPath path = PropertyPath.of(row, words[0]);
            Class<?> type = KeyTypes.boxed(path.type());
            Function<Object, @Nullable Object> reader = path.reader();
            if (reader == null || !Comparable.class.isAssignableFrom(type)) {
                wrong("sorts by '%s', which is not comparable.".formatted(text), "Sort by something that is.");
                return null;
            }
            if (!KeysetValues.isReadable(type)) {
                wrong(
                        "sorts by '%s', whose values cannot be read from text.".formatted(text),
                        "Give %s a static method valueOf or of that takes a String, or sort by something else."
                                .formatted(type.getSimpleName()));
                return null;
            }
            return new RootDefinition.SortBy(words[0], descending, type, reader);
        } catch (PropertyPath.UnknownPropertyException unknown) {
            wrong("sorts by '%s'.".formatted(text), unknown.getMessage() + ".");
            return null;
        }
    }

    // ---- call

    private Question.Target target(Parameters parameters, Hedges.@Nullable After hedgeAfter) {
        BeanMethod called = new BeanMethod(bean, method);
        Class<?>[] types = method.getParameterTypes();
        int count = types.length;
        @Nullable SemiJoin[] semiJoins = new SemiJoin[count];
        Arrays.setAll(semiJoins, this::semiJoin);
        boolean heedsToken = declared.heedsToken() || BeanMethod.takesConsistency(method);
        return new Question.Target() {

            private @Nullable Object value(int parameter, RootDefinition.Ask ask, Budget budget) {
                SemiJoin semiJoin = semiJoins[parameter];
                if (semiJoin != null) {
                    return ask.keys().get(semiJoin.value());
                }
                return parameter == parameters.filter()
                        ? ask.filter()
                        : parameter == parameters.keyset()
                                ? ask.at()
                                : parameter == parameters.limit()
                                        ? ask.limit()
                                        : BeanMethod.surrounding(types[parameter], budget);
            }

            @Override
            public String name() {
                return declared.name();
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
            public Hedges.@Nullable After hedgeAfter() {
                return hedgeAfter;
            }

            @Override
            public @Nullable Object answer(Object arguments, Budget budget) throws Exception {
                RootDefinition.Ask ask = (RootDefinition.Ask) arguments;
                @Nullable Object[] values = new Object[count];
                for (int i = 0; i < count; i++) {
                    values[i] = value(i, ask, budget);
                }
                return called.call(values, budget, ask.limit());
            }
        };
    }
}
