package dev.freehold.composition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;

/** Reads what is declared with {@link Source}, or {@link SourceSpec}. */
final class SourceReader {

    private static final String REQUEST_PARAM = "org.springframework.web.bind.annotation.RequestParam";
    private static final int MAX_BATCH = 10_000;
    private static final int MAX_ROWS = 1_000_000;

    private final Callee callee;
    private final Source declared;
    private final CacheReader.Surroundings caches;
    private final Site site;

    SourceReader(Callee callee, Source declared, CacheReader.Surroundings caches, Site site) {
        this.callee = callee;
        this.declared = declared;
        this.caches = caches;
        this.site = site;
    }

    /** The keys that it takes: one, or a batch of them in a collection; and where it is told how many rows are wanted, or -1. */
    record Keys(int parameter, ResolvableType type, boolean batch, boolean set, int limit) {

        Keys with(int limitParameter) {
            return new Keys(parameter, type, batch, set, limitParameter);
        }

        /** In the form that it takes them in. */
        Object of(KeyList list) {
            return !batch ? list.get(0) : set ? list.asSet() : list;
        }
    }

    /** What it returns, out of futures and the like. */
    private record Rows(ResolvableType type, SourceDefinition.Answers answers, boolean grouped) {}

    Site site() {
        return site;
    }

    /** Null if something is wrong, which has been added to the problems. */
    @Nullable
    SourceDefinition read() {
        int before = site.problems().count();
        if (declared.name().isBlank()) {
            wrong(
                    "has no name.",
                    "Name the source%s."
                            .formatted(site.choose(": @Source(name = \"customers\")", ", such as \"customers\"")));
        }
        if (declared.maxBatch() < 1 || declared.maxBatch() > MAX_BATCH) {
            wrong("has %s.".formatted(site.option("maxBatch", declared.maxBatch())), "Say 1 to " + MAX_BATCH + ".");
        }
        if (declared.maxRows() < 1 || declared.maxRows() > MAX_ROWS) {
            wrong("has %s.".formatted(site.option("maxRows", declared.maxRows())), "Say 1 to " + MAX_ROWS + ".");
        }
        Hedges.After hedgeAfter = Hedges.After.of(declared.hedgeAfter(), site);
        if (hedgeAfter != null && declared.inline()) {
            wrong(
                    "is inline and has hedgeAfter.",
                    "Leave one out: an inline source is called on the thread of the page, once.");
        }
        SourceCache cache = new CacheReader(declared, caches, site).read();
        Keys keys = keys();
        Rows rows = keys == null ? null : rows(keys);
        UrlLimit url = keys == null ? null : url(keys);
        if (keys != null && keys.limit() >= 0) {
            requireLimitable(rows, cache);
        }
        Function<Object, @Nullable Object> rowKey =
                keys != null && rows != null && rows.answers() == SourceDefinition.Answers.ROWS
                        ? rowKey(keys, rows)
                        : null;
        if (site.problems().count() > before || keys == null || rows == null) {
            return null;
        }
        return new SourceDefinition(
                declared.name(),
                site.name(),
                KeyTypes.boxed(keys.type()),
                rows.type(),
                rows.answers(),
                rows.grouped(),
                rowKey,
                keys.batch() ? declared.maxBatch() : 1,
                url,
                keys.limit() >= 0,
                declared.maxRows(),
                declared.inline(),
                cache,
                new SourceTarget(callee, declared, keys, hedgeAfter));
    }

    private void wrong(String what, String fix) {
        site.wrong(what, fix);
    }

    // ---- keys

    private @Nullable Keys keys() {
        List<Keys> candidates = new ArrayList<>();
        List<Callee.Parameter> parameters = callee.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            if (!parameters.get(i).isSurrounding()) {
                candidates.add(keys(i, parameters.get(i).type()));
            }
        }
        Keys keys = candidates.size() == 1 ? candidates.get(0) : withLimit(candidates);
        if (keys == null) {
            wrong(
                    candidates.isEmpty()
                            ? "takes no keys."
                            : "has %d parameters that could be keys.".formatted(candidates.size()),
                    "A source has one parameter for keys, Set<K>, List<K>, Collection<K> or K, and maybe a Budget, a Consistency,"
                            + " and beside several keys an int for how many rows of each are wanted.");
            return null;
        }
        String refusal = KeyTypes.refusal(keys.type());
        if (refusal != null) {
            wrong(
                    refusal + ".",
                    "Use a type with one form for each value: numbers without a fraction, text, a UUID, an enum, a record.");
            return null;
        }
        return keys;
    }

    /** Several keys, and an int. */
    private @Nullable Keys withLimit(List<Keys> candidates) {
        List<Keys> batches = candidates.stream().filter(Keys::batch).toList();
        List<Keys> limits = candidates.stream()
                .filter(candidate ->
                        callee.parameters().get(candidate.parameter()).raw() == int.class)
                .toList();
        return candidates.size() == 2 && batches.size() == 1 && limits.size() == 1
                ? batches.get(0).with(limits.get(0).parameter())
                : null;
    }

    private static Keys keys(int parameter, ResolvableType type) {
        Class<?> raw = PropertyPath.raw(type);
        boolean batch = raw.isAssignableFrom(Set.class) || raw.isAssignableFrom(List.class);
        return batch && raw != Object.class
                ? new Keys(parameter, type.as(Iterable.class).getGeneric(0), true, raw == Set.class, -1)
                : new Keys(parameter, type, false, false, -1);
    }

    private void requireLimitable(@Nullable Rows rows, @Nullable SourceCache cache) {
        if (rows != null && !rows.grouped()) {
            wrong(
                    "takes a limit, but has one row for a key.",
                    site.choose("Leave the int out.", "Leave the limit out: ask with the keys alone."));
        }
        if (cache != null) {
            wrong(
                    "takes a limit and has a cache, which would keep lists that are cut off.",
                    "Leave one out: a cache needs all rows of a key.");
        }
    }

    /** Null: the keys may be of any length. */
    private @Nullable UrlLimit url(Keys keys) {
        Callee.Parameter parameter = callee.parameters().get(keys.parameter());
        MergedAnnotation<?> inUrl = parameter.annotations().get(REQUEST_PARAM);
        int declaredBytes = declared.maxUrlBytes();
        if (declaredBytes != -1 && declaredBytes != 0 && (declaredBytes < 200 || declaredBytes > 1_000_000)) {
            wrong(
                    "has %s.".formatted(site.option("maxUrlBytes", declaredBytes)),
                    "Say 200 to 1000000, or 0 for any length.");
            return null;
        }
        if (!keys.batch() || declaredBytes == 0 || declaredBytes == -1 && !inUrl.isPresent()) {
            return null;
        }
        String named = inUrl.isPresent() ? inUrl.getString("name") : "";
        return new UrlLimit(
                declaredBytes == -1 ? UrlLimit.USUAL : declaredBytes, named.isEmpty() ? parameter.name() : named);
    }

    // ---- rows

    private @Nullable Rows rows(Keys keys) {
        ResolvableType returned = callee.answer(CompletionStage.class, Optional.class);
        Class<?> raw = PropertyPath.raw(returned);
        if (raw == void.class || raw == Void.class) {
            wrong("returns nothing.", "Return the rows.");
            return null;
        }
        if (keys.batch() && Map.class.isAssignableFrom(raw)) {
            return mapped(keys, returned.as(Map.class));
        }
        ResolvableType element = element(returned);
        if (keys.batch() && element == null) {
            wrong(
                    "takes many keys, but returns %s.".formatted(PropertyPath.name(returned)),
                    "Return a collection of rows, or a map from keys to rows; or take one key.");
            return null;
        }
        ResolvableType row = element == null ? returned : element;
        Rows rows = keys.batch()
                ? new Rows(
                        row, SourceDefinition.Answers.ROWS, !declared.groupBy().isEmpty())
                : new Rows(row, SourceDefinition.Answers.SINGLE, element != null);
        return isKnown(rows.type()) && (keys.batch() || hasNoKeyPath("is asked for one key")) ? rows : null;
    }

    private @Nullable Rows mapped(Keys keys, ResolvableType map) {
        Class<?> keyType = KeyTypes.boxed(map.getGeneric(0));
        if (keyType != KeyTypes.boxed(keys.type())) {
            wrong(
                    "takes keys of %s, but returns a map with keys of %s."
                            .formatted(PropertyPath.name(keys.type()), keyType.getSimpleName()),
                    "Use one type for both.");
            return null;
        }
        if (Stream.class.isAssignableFrom(PropertyPath.raw(map.getGeneric(1)))) {
            wrong("returns a map of streams.", "Return a map of lists.");
            return null;
        }
        ResolvableType element = element(map.getGeneric(1));
        ResolvableType row = element == null ? map.getGeneric(1) : element;
        return isKnown(row) && hasNoKeyPath("returns a map")
                ? new Rows(row, SourceDefinition.Answers.MAP, element != null)
                : null;
    }

    private boolean hasNoKeyPath(String because) {
        if (declared.id().isEmpty() && declared.groupBy().isEmpty()) {
            return true;
        }
        wrong("has id or groupBy, but " + because + ", which tells the key already.", "Leave it out.");
        return false;
    }

    private boolean isKnown(ResolvableType row) {
        if (PropertyPath.raw(row) != Object.class) {
            return true;
        }
        wrong(
                "does not say what its rows are.",
                site.choose(
                        "Give the type of its rows: List<Customer> instead of List or List<?>.",
                        "Give the class of one row, such as Customer.class."));
        return false;
    }

    /** What is in a collection, a stream or an array of objects; null if it is none. */
    private static @Nullable ResolvableType element(ResolvableType type) {
        Class<?> raw = PropertyPath.raw(type);
        if (raw.isArray() && !raw.getComponentType().isPrimitive()) {
            return type.getComponentType();
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return type.as(Collection.class).getGeneric(0);
        }
        return Stream.class.isAssignableFrom(raw) ? type.as(Stream.class).getGeneric(0) : null;
    }

    private @Nullable Function<Object, @Nullable Object> rowKey(Keys keys, Rows rows) {
        boolean hasId = !declared.id().isEmpty();
        if (hasId == !declared.groupBy().isEmpty()) {
            wrong(
                    hasId ? "has both id and groupBy." : "does not say which property of a row is its key.",
                    "Say %s if a key has one row at most, or %s if it may have many."
                            .formatted(site.option("id", "\"…\""), site.option("groupBy", "\"…\"")));
            return null;
        }
        String path = hasId ? declared.id() : declared.groupBy();
        try {
            PropertyPath key = PropertyPath.of(rows.type(), path);
            if (KeyTypes.boxed(key.type()) == KeyTypes.boxed(keys.type())) {
                return key.reader();
            }
            wrong(
                    "takes keys of %s, but '%s' of its rows is %s."
                            .formatted(PropertyPath.name(keys.type()), path, PropertyPath.name(key.type())),
                    "Use one type for both: values of two types are never equal.");
        } catch (PropertyPath.UnknownPropertyException unknown) {
            wrong("reads '%s' of its rows.".formatted(path), unknown.getMessage() + ".");
        }
        return null;
    }
}
