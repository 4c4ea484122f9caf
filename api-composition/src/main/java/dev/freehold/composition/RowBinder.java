package dev.freehold.composition;

import org.jspecify.annotations.Nullable;

/** Makes a row out of its components. */
interface RowBinder {

    /** The array is used again for other rows. */
    Object bind(@Nullable Object[] components);
}
