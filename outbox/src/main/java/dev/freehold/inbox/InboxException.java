package dev.freehold.inbox;

import dev.freehold.outbox.internal.ActionableException;
import org.jspecify.annotations.Nullable;

/** Something is wrong with a listener or the set-up of the inbox; the message says what and how to mend it. */
public class InboxException extends ActionableException {

    private static final long serialVersionUID = 1L;

    /**
     * @param description what is wrong, one sentence
     * @param action what to do about it
     */
    public InboxException(String description, String action) {
        super(description, action, null);
    }

    /**
     * @param description what is wrong, one sentence
     * @param action what to do about it
     * @param cause what it came from
     */
    public InboxException(String description, String action, @Nullable Throwable cause) {
        super(description, action, cause);
    }
}
