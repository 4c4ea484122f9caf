package dev.freehold.composition;

import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
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
     * Makes a page. If inner joins leave rows out, more roots are asked for, three times at most; a page may have fewer rows than it
     * could and still go on.
     *
     * @param filter given to the root source; null only if that takes none
     * @param at where it begins
     * @param limit how many rows it has at most, 1 to 10,000
     * @throws IllegalStateException if the view has no root source
     * @throws InvalidKeysetException if the keyset is none of this view
     * @throws SourceUnavailableException if the root source, or one of a required component, did not answer
     * @throws AbsentPartException if a required component has no row
     */
    Page<R> page(@Nullable F filter, Keyset at, int limit);

    /**
     * Makes pages one after the other, to the last one: the first one now, each other one when it is asked for, within a budget of
     * its own. They are not kept, so there may be any number of rows.
     *
     * @param filter given to the root source; null only if that takes none
     * @param at where the first one begins
     * @param limit how many rows each has at most, 1 to 10,000
     */
    default Stream<Page<R>> pages(@Nullable F filter, Keyset at, int limit) {
        return Stream.iterate(
                page(filter, at, limit),
                Objects::nonNull,
                page -> page.nextPage().map(next -> page(filter, next, limit)).orElse(null));
    }

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
