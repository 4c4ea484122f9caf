package dev.freehold.composition;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a view, where they go on, and what they lack.
 *
 * @param rows in the order of the root source
 * @param next where the next page begins; null if there is none
 * @param missing what sources could not say; empty if the page is complete
 * @param stale whether anything in it is older than it should be: answered before its source became unavailable, or by a source that
 *     has not got as far as the page's {@link Consistency} wants
 * @param analysis how the page was made; not a part of it in JSON
 * @param <R> the row
 */
public record Page<R>(
        List<R> rows,
        @Nullable Keyset next,
        List<Missing> missing,
        boolean stale,
        @JsonIgnore Analysis analysis) {

    /** Whether every source answered; in JSON {@code complete}. A page that is not complete should not be cached. */
    public boolean isComplete() {
        return missing.isEmpty();
    }

    /** Where the next page begins, if there is one. */
    public Optional<Keyset> nextPage() {
        return Optional.ofNullable(next);
    }

    /**
     * What a source could not say.
     *
     * @param component of the view
     * @param source that should have answered
     * @param cause why it did not
     * @param retryAfter when it is worth asking again; null if the source did not say
     * @param rows how many rows of the page lack it
     */
    public record Missing(
            String component,
            String source,
            Cause cause,
            @Nullable Duration retryAfter,
            int rows) {

        Missing with(int counted) {
            return new Missing(component, source, cause, retryAfter, counted);
        }
    }
}
