package dev.freehold.outbox;

import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with the use or the set-up of the outbox. The message says what and how to mend it; when it is
 * thrown from {@link Outbox#publish}, nothing was stored.
 */
public class OutboxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    /**
     * @param description what is wrong, one sentence
     * @param action what to do about it
     */
    public OutboxException(String description, String action) {
        this(description, action, null);
    }

    /**
     * @param description what is wrong, one sentence
     * @param action what to do about it
     * @param cause what it came from
     */
    public OutboxException(String description, String action, @Nullable Throwable cause) {
        super(description + " " + action, cause);
        this.description = description;
        this.action = action;
    }

    /** What is wrong. */
    public String description() {
        return description;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
