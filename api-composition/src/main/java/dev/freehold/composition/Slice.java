package dev.freehold.composition;

import java.util.List;

/**
 * The first rows of a root source, or of a key, and whether there are more behind them.
 *
 * @param rows in the order of the source
 * @param more whether there are more
 * @param <T> the row
 */
public record Slice<T>(List<T> rows, boolean more) {

    /** Copies the rows. */
    public Slice {
        rows = List.copyOf(rows);
    }
}
