package dev.freehold.composition;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Pages of rows that are composed of what several sources answer.
 *
 * <p>A page is made on the calling thread and on those that the sources are called on. It ends within the view's budget,
 * with what was answered by then. Safe for use by several threads.
 *
 * @param <R> the row: a record with {@link ComposedView}
 * @param <F> what the root source filters by; {@link Void} if it does not
 */
public interface View<R, F> {

    /**
     * Makes a page.
     *
     * @param filter given to the root source; null only if that takes none
     * @param at where it begins
     * @param limit how many rows it has at most, 1 to the view's maximum
     * @throws SourceUnavailableException if the root source, or one of a required component, did not answer
     * @throws AbsentPartException if a required component has no row
     */
    Page<R> page(@Nullable F filter, Keyset at, int limit);

    /**
     * Makes a page around rows that are there already, in their order.
     *
     * @param roots of the type of the view's root component
     * @throws SourceUnavailableException if the source of a required component did not answer
     * @throws AbsentPartException if a required component has no row
     */
    Page<R> compose(Collection<?> roots);

    /** How its pages are made. */
    Plan plan();
}
