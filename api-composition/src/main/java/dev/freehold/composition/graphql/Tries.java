package dev.freehold.composition.graphql;

import dev.freehold.composition.Part;
import dev.freehold.composition.SourceUnavailableException;
import org.dataloader.Try;
import org.jspecify.annotations.Nullable;

/**
 * Says what was found in the words of a batch loader, so that {@code @BatchMapping} methods may use a {@code Lookup}: what they return
 * for a parent is then a {@code Try}.
 */
public final class Tries {

    private Tries() {}

    /**
     * The value; null if there is none; or a failure with a {@link SourceUnavailableException}, which becomes an error of that field
     * alone.
     *
     * @param part what was found; null for a parent without a key
     */
    @SuppressWarnings("NullAway") // a loader has null for a key without a value, which Try does not say of itself
    public static <V> Try<V> of(@Nullable Part<V> part) {
        if (part instanceof Part.Unavailable<V> unavailable) {
            return Try.failed(SourceUnavailableException.of(unavailable));
        }
        return Try.succeeded(part == null ? null : part.optional().orElse(null));
    }
}
