package dev.freehold.composition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;

/** Reads what is declared with {@link RootSource}, or {@link RootSourceSpec}. */
final class RootReader {

    private final Callee callee;
    private final RootSource declared;
    private final Site site;

    RootReader(Callee callee, RootSource declared, Site site) {
        this.callee = callee;
        this.declared = declared;
        this.site = site;
    }

    /** Where its parameters stand; -1: nowhere. */
    private record Parameters(int filter, int keyset, int limit) {}

    Site site() {
        return site;
    }

    /** Null if something is wrong, which has been added to the problems. */
    @Nullable
    RootDefinition read() {
        int before = site.problems().count();
        if (declared.name().isBlank()) {
            wrong(
                    "has no name.",
                    "Name the source%s."
                            .formatted(site.choose(": @RootSource(name = \"orders\", …)", ", such as \"orders\"")));
        }
        Hedges.After hedgeAfter = Hedges.After.of(declared.hedgeAfter(), site);
        Parameters parameters = parameters();
        ResolvableType row = row();
        List<RootDefinition.SortBy> sort = row == null ? List.of() : sort(row);
        List<RootDefinition.Restriction> semiJoins = row == null ? List.of() : semiJoins(row);
        Class<?> filter = parameters == null ? null : filter(parameters);
        if (site.problems().count() > before || parameters == null || row == null) {
            return null;
        }
        return new RootDefinition(
                declared.name(),
                site.name(),
                PropertyPath.raw(row),
                filter,
                sort,
                List.of(declared.filters()),
                semiJoins,
                PropertyPath.raw(returned()) == Slice.class,
                target(parameters, hedgeAfter));
    }

    private void wrong(String what, String fix) {
        site.wrong(what, fix);
    }

    private @Nullable Parameters parameters() {
        int filter = -1;
        int keyset = -1;
        int limit = -1;
        int others = 0;
        int keysets = 0;
        int limits = 0;
        for (int i = 0; i < callee.parameters().size(); i++) {
            Class<?> type = callee.parameters().get(i).raw();
            if (type == Keyset.class) {
                keyset = i;
                keysets++;
            } else if (type == int.class) {
                limit = i;
                limits++;
            } else if (!callee.parameters().get(i).isSurrounding() && semiJoin(i) == null) {
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
        return callee.answer(CompletionStage.class);
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
                    site.choose(
                            "Give the type of its rows: List<Order> instead of List or List<?>.",
                            "Give the class of one row, such as Order.class."));
            return null;
        }
        return row;
    }

    private @Nullable Class<?> filter(Parameters parameters) {
        if (parameters.filter() < 0) {
            if (declared.filters().length > 0) {
                wrong(
                        "declares filters, but takes none.",
                        "%s with %s."
                                .formatted(
                                        site.choose("Add a parameter: a record", "Give the class of a record"),
                                        String.join(", ", declared.filters())));
            }
            return null;
        }
        Class<?> type = callee.parameters().get(parameters.filter()).raw();
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
        return callee.parameters()
                .get(parameter)
                .annotations()
                .get(SemiJoin.class)
                .synthesize(MergedAnnotation::isPresent)
                .orElse(null);
    }

    private List<RootDefinition.Restriction> semiJoins(ResolvableType row) {
        List<RootDefinition.Restriction> semiJoins = new ArrayList<>();
        for (int i = 0; i < callee.parameters().size(); i++) {
            SemiJoin declaredHere = semiJoin(i);
            if (declaredHere != null) {
                ResolvableType keys = callee.parameters().get(i).type();
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
            wrong("has %s.".formatted(semiJoin(path, keys)), "Make it a Set of keys.");
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
                    "has %s, but that property is %s."
                            .formatted(semiJoin(path, keys), PropertyPath.name(property.type())),
                    site.choose("Make it a Set of that type.", "Give that class."));
        } catch (PropertyPath.UnknownPropertyException unknown) {
            wrong("has %s.".formatted(semiJoin(path, keys)), unknown.getMessage() + ".");
        }
        return null;
    }

    private String semiJoin(String path, ResolvableType keys) {
        return site.choose(
                "@SemiJoin(\"%s\") on %s".formatted(path, PropertyPath.name(keys)),
                "semiJoin(\"%s\", %s.class)".formatted(path, PropertyPath.name(keys.getGeneric(0))));
    }

    // ---- sort

    private List<RootDefinition.SortBy> sort(ResolvableType row) {
        if (declared.sort().length == 0) {
            wrong(
                    "does not say what its rows are sorted by.",
                    "Say %s: pages begin behind a row, so the order must tell all rows apart."
                            .formatted(site.choose("sort = {\"createdAt\", \"id\"}", "sort(\"createdAt\", \"id\")")));
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
        List<Callee.Parameter> taken = callee.parameters();
        int count = taken.size();
        @Nullable SemiJoin[] semiJoins = new SemiJoin[count];
        Arrays.setAll(semiJoins, this::semiJoin);
        String name = declared.name(); // of an annotation, which is slow to ask
        boolean interruptible = !declared.uninterruptible();
        boolean heedsToken = declared.heedsToken() || callee.takesConsistency();
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
                                        : taken.get(parameter).surrounding(budget);
            }

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
                return callee.call(values, budget, ask.limit());
            }
        };
    }
}
