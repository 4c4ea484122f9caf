package dev.freehold.composition;

import org.jspecify.annotations.Nullable;

/** A keyset is not one of the view that it was given to: a client has changed it, or has taken it from another list. */
public final class InvalidKeysetException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidKeysetException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
