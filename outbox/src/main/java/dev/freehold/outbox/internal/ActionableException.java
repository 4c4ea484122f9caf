package dev.freehold.outbox.internal;

import org.jspecify.annotations.Nullable;

/** A failure that says what is wrong and what to do about it. */
public abstract class ActionableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    /**
     * @param description what is wrong, one sentence
     * @param action what to do about it
     * @param cause what it came from
     */
    protected ActionableException(String description, String action, @Nullable Throwable cause) {
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
