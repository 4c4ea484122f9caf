package dev.freehold.composition;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a root source answered.
 *
 * @param rows in its order, no more than were wanted
 * @param next where the rows behind them begin; null if there are none
 */
record RootRows(Object[] rows, @Nullable Keyset next) {

    static RootRows of(RootDefinition root, Keyset at, int limit, Object answer) {
        boolean more;
        Object[] rows;
        if (answer instanceof Slice<?> slice) {
            rows = slice.rows().toArray();
            more = slice.more() || rows.length > limit;
        } else {
            rows = ((List<?>) answer).toArray();
            more = rows.length > limit;
        }
        if (Arrays.asList(rows).contains(null)) {
            throw new CompositionException("root source '%s' gave null instead of a row".formatted(root.name()));
        }
        if (more && rows.length == 0) {
            throw new CompositionException(
                    "root source '%s' says that there are more rows, but gave none behind which they begin"
                            .formatted(root.name()));
        }
        root.requireSorted(at, rows);
        Object[] wanted = rows.length > limit ? Arrays.copyOf(rows, limit) : rows;
        return new RootRows(wanted, more && wanted.length > 0 ? root.after(wanted[wanted.length - 1]) : null);
    }
}
