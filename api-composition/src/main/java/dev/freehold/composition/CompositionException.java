package dev.freehold.composition;

import org.jspecify.annotations.Nullable;

/** A page could not be made. */
public class CompositionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says what could not be done. */
    public CompositionException(String message) {
        super(message);
    }

    /** Says what could not be done, and why. */
    public CompositionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
