package dev.freehold.composition;

import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A root source, as the engine sees it.
 *
 * @param name unique among sources and root sources; empty: there is none, since the rows are there
 * @param origin where it is declared, for messages
 * @param rowType of its rows
 * @param filterType of what it filters by; null if it does not
 * @param sort what its rows are sorted by
 * @param semiJoins properties of its rows that can be restricted to keys
 * @param filters components of the filter that it heeds
 * @param slices whether it says itself whether there are more rows
 * @param target what is called, with {@link Ask} as its arguments
 */
record RootDefinition(
        String name,
        String origin,
        Class<?> rowType,
        @Nullable Class<?> filterType,
        List<SortBy> sort,
        List<String> filters,
        List<Restriction> semiJoins,
        boolean slices,
        Question.Target target) {

    /** In place of a root source: the rows are there. */
    static RootDefinition given(Class<?> rowType) {
        return new RootDefinition("", "", rowType, null, List.of(), List.of(), List.of(), true, new Question.Target() {
            @Override
            public String name() {
                return "";
            }

            @Override
            public Object answer(Object arguments, Budget budget) {
                throw new IllegalStateException("there is no root source");
            }
        });
    }

    boolean isGiven() {
        return name.isEmpty();
    }

    /** How many calls come one after the other until its rows are there. */
    int stages() {
        return isGiven() ? 0 : 1;
    }

    /** What it is asked; equal if the same rows are wanted. */
    record Ask(@Nullable Object filter, Map<String, Set<Object>> keys, Keyset at, int limit) {}

    /**
     * A property of the rows that is one of some keys.
     *
     * @param path of the property
     * @param type of the keys
     * @param reader reads it out of a row
     */
    record Restriction(String path, Class<?> type, Function<Object, @Nullable Object> reader) {}

    /** Fails if a row is not among those that were asked for. */
    void requireRestricted(Map<String, Set<Object>> keys, Object[] rows) {
        for (Restriction restriction : semiJoins) {
            Set<Object> wanted = keys.get(restriction.path());
            if (wanted != null) {
                requireAmong(wanted, restriction, rows);
            }
        }
    }

    /** Whether a row is among those that are asked for. */
    boolean isAmong(Map<String, Set<Object>> keys, Object row) {
        return semiJoins.stream().allMatch(restriction -> {
            Set<Object> wanted = keys.get(restriction.path());
            Object key = restriction.reader().apply(row);
            return wanted == null || key != null && wanted.contains(key);
        });
    }

    /** The order of the rows, by Java's order of the properties. */
    Comparator<Object> order() {
        return (one, other) -> naturally(sortValues(one), sortValues(other));
    }

    /** Whether a row is behind a place, in that order. */
    boolean isBehind(Keyset at, Object row) {
        return naturally(sortValues(row), sortValues(at)) > 0;
    }

    private int naturally(Object[] one, Object[] other) {
        for (int i = 0; i < one.length; i++) {
            int order = sort.get(i).naturally(one[i], other[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private void requireAmong(Set<Object> wanted, Restriction restriction, Object[] rows) {
        for (Object row : rows) {
            Object key = restriction.reader().apply(row);
            if (key == null || !wanted.contains(key)) {
                throw new CompositionException(
                        ("root source '%s' gave a row whose %s is none of those that it was asked for: heed the keys"
                                        + " of its semi-join by '%s'")
                                .formatted(name, restriction.path(), restriction.path()));
            }
        }
    }

    /**
     * A property that it is sorted by.
     *
     * @param path of the property
     * @param descending whether the greatest comes first
     * @param type of its values
     * @param reader reads it out of a row
     */
    record SortBy(String path, boolean descending, Class<?> type, Function<Object, @Nullable Object> reader) {

        @Override
        public String toString() {
            return descending ? path + " desc" : path;
        }

        /**
         * Databases and Java agree on numbers and times; on text, enums and UUIDs they may not, so there only equal values tell
         * something.
         */
        private boolean isOrderedAlike() {
            return Number.class.isAssignableFrom(type)
                    || Temporal.class.isAssignableFrom(type)
                    || type == Boolean.class;
        }

        private int compare(Object one, Object other) {
            if (!isOrderedAlike()) {
                return one.equals(other) ? 0 : -1;
            }
            return naturally(one, other);
        }

        @SuppressWarnings("unchecked")
        private int naturally(Object one, Object other) {
            int natural = ((Comparator<Object>) (Comparator<?>) Comparator.naturalOrder()).compare(one, other);
            return descending ? -natural : natural;
        }
    }

    /**
     * The place behind a row.
     *
     * @throws CompositionException if its text would not be read as these values again
     */
    Keyset after(Object row) {
        Object[] values = sortValues(row);
        Keyset keyset = Keyset.after(values);
        for (int i = 0; i < values.length; i++) {
            requireReadable(keyset, i, values[i]);
        }
        return keyset;
    }

    private void requireReadable(Keyset keyset, int index, Object value) {
        SortBy by = sort.get(index);
        Object read;
        try {
            read = keyset.get(index, by.type());
        } catch (IllegalArgumentException unreadable) {
            read = unreadable.getMessage();
        }
        if (!value.equals(read)) {
            throw new CompositionException(
                    ("root source '%s' sorts by %s, whose value %s is read from its text as %s: no page can"
                                    + " begin behind it; sort by something whose toString says all that its valueOf, of or constructor"
                                    + " needs")
                            .formatted(name, by.path(), value, read));
        }
    }

    /** Fails if the rows cannot be in the order that was declared, or if that does not tell two of them apart. */
    void requireSorted(Keyset at, Object[] rows) {
        Object[] before = rows.length == 0 ? new Object[0] : sortValues(rows[0]);
        if (rows.length > 0 && !at.isStart()) {
            requireBehind(sortValues(at), rows);
        }
        for (int i = 1; i < rows.length; i++) {
            Object[] next = sortValues(rows[i]);
            int order = compare(before, next);
            if (order >= 0) {
                throw new CompositionException(("root source '%s' says that it sorts by %s, but its rows %d and %d %s;"
                                + " sort the rows so, with a property at the end that is unique, or declare what they are"
                                + " sorted by")
                        .formatted(name, sort, i, i + 1, order == 0 ? "are equal in that" : "are not in that order"));
            }
            before = next;
        }
    }

    /** That none is the row at that place itself shows, too, where Java and the source may have orders of their own. */
    private void requireBehind(Object[] at, Object[] rows) {
        boolean heeded = Arrays.stream(rows).noneMatch(row -> Arrays.equals(at, sortValues(row)))
                && (!sort.get(0).isOrderedAlike() || compare(at, sortValues(rows[0])) < 0);
        if (!heeded) {
            throw new CompositionException(
                    ("root source '%s' was asked for the rows behind %s, and gave others in the order %s: heed the Keyset, or"
                                    + " pages would never end")
                            .formatted(name, Arrays.toString(at), sort));
        }
    }

    private Object[] sortValues(Keyset at) {
        Object[] values = new Object[sort.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = at.get(i, sort.get(i).type());
        }
        return values;
    }

    private Object[] sortValues(Object row) {
        Object[] values = new Object[sort.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = sort.get(i).reader().apply(row);
            if (value == null) {
                throw new CompositionException(
                        "root source '%s' sorts by %s, which is null in a row: no page can begin behind it"
                                .formatted(name, sort.get(i).path()));
            }
            values[i] = value;
        }
        return values;
    }

    private int compare(Object[] one, Object[] other) {
        for (int i = 0; i < one.length; i++) {
            int order = sort.get(i).compare(one[i], other[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
