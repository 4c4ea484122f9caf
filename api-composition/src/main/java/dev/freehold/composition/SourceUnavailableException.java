package dev.freehold.composition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The root source of a view, or the source of what is required, did not answer. */
public final class SourceUnavailableException extends CompositionException {

    private static final long serialVersionUID = 1L;

    private final String source;
    private final Cause kind;
    private final @Nullable Duration retryAfter;

    SourceUnavailableException(String view, String component, Failure failure) {
        super(
                "%s.%s is required, but source '%s' is unavailable: %s"
                        .formatted(view, component, failure.source(), failure.describe()),
                failure.exception());
        this.source = failure.source();
        this.kind = failure.cause();
        this.retryAfter = failure.retryAfter();
    }

    private SourceUnavailableException(Part.Unavailable<?> part) {
        super("source '%s' is unavailable: %s".formatted(part.source(), part.cause()));
        this.source = part.source();
        this.kind = part.cause();
        this.retryAfter = part.retryAfter();
    }

    /** For code that cannot do without the part. */
    public static SourceUnavailableException of(Part.Unavailable<?> part) {
        return new SourceUnavailableException(part);
    }

    /** The source that did not answer. */
    public String source() {
        return source;
    }

    /** Why it did not. */
    public Cause kind() {
        return kind;
    }

    /** When it is worth asking again; null if the source did not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
