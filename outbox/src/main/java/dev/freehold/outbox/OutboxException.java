package dev.freehold.outbox;

import dev.freehold.outbox.internal.ActionableException;
import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with the use or the set-up of the outbox. The message says what and how to mend it; when it is
 * thrown from {@link Outbox#publish}, nothing was stored.
 */
public class OutboxException extends ActionableException {

    private static final long serialVersionUID = 1L;

    /**
     * @param description what is wrong, one sentence
     * @param action what to do about it
     */
    public OutboxException(String description, String action) {
        super(description, action, null);
    }

    /**
     * @param description what is wrong, one sentence
     * @param action what to do about it
     * @param cause what it came from
     */
    public OutboxException(String description, String action, @Nullable Throwable cause) {
        super(description, action, cause);
    }
}
