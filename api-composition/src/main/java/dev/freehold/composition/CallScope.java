package dev.freehold.composition;

import org.jspecify.annotations.Nullable;

/**
 * For whom a page is made: all that an answer depends on beside the arguments, such as the user and the tenant. Pages share calls
 * that are in flight if they ask the same and their scopes are equal. A page that joins a call may get what the source read a
 * moment before the page was asked for.
 */
@FunctionalInterface
public interface CallScope {

    /** The one of this thread; null: nothing is shared. */
    @Nullable
    Object current();
}
