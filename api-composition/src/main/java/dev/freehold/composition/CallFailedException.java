package dev.freehold.composition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown by a source, or by what surrounds it, that knows what kind of failure it is. */
public final class CallFailedException extends CompositionException {

    private static final long serialVersionUID = 1L;

    private final Cause kind;
    private final @Nullable Duration retryAfter;

    /**
     * Tells of a failure.
     *
     * @param kind what the parts will say
     * @param message for people
     * @param retryAfter when it is worth asking again; null if unknown
     * @param cause what has been thrown; null if nothing has
     */
    public CallFailedException(Cause kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** What kind of failure it is. */
    public Cause kind() {
        return kind;
    }

    /** When it is worth asking again; null if unknown. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
