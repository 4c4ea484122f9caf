package dev.freehold.composition;

/** Why a part is unavailable. */
public enum Cause {

    /** The budget, or the source's own time limit, was over. */
    TIMEOUT,

    /** No connection, or it broke. */
    CONNECTION,

    /** The service failed: HTTP 5xx. */
    SERVER_ERROR,

    /** The service refused the request: HTTP 4xx. */
    CLIENT_ERROR,

    /** The answer could not be read. */
    UNREADABLE,

    /** The answer has more rows than are allowed. */
    TOO_LARGE,

    /** Two rows have the key, where there may be one. */
    DUPLICATE,

    /** The key was not answered, but others were that nobody asked for: keys do not match. */
    UNKNOWN_KEY,

    /** The circuit breaker is open: the source was not asked. */
    BREAKER_OPEN,

    /** The bulkhead is full: the source was not asked. */
    BULKHEAD_FULL,

    /** The rate limiter had no permission left: the source was not asked. */
    RATE_LIMITED,

    /** As many calls as are allowed were in flight until the budget was over: the source was not asked. */
    NO_PERMIT,

    /** Nobody would carry the call out: the service is shutting down, or an executor of the source's is full. */
    REJECTED,

    /** The call was cancelled by the source itself, or by what it uses. */
    CANCELLED,

    /** The source has no row, and has not got as far as the page's {@link Consistency} wants: there may be one. */
    BEHIND,

    /** The part that the key comes from is unavailable: the source was not asked. */
    DEPENDENCY,

    /** Anything else; the log has it, as a warning. */
    ERROR;

    /** What kind of failure an exception of a source is: the first one that is known, of itself and its causes. */
    public static Cause of(Throwable thrown) {
        return Failures.of("", thrown).cause();
    }
}
