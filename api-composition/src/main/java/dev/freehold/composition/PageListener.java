package dev.freehold.composition;

import java.time.Duration;

/** Is told how pages were made, on the threads that asked for them. */
@FunctionalInterface
public interface PageListener {

    /** A page has been made. */
    void made(Analysis analysis);

    /**
     * A page could not be made.
     *
     * @param view its name
     * @param failure what its caller gets, as a {@link SourceUnavailableException}
     * @param used how long it took
     */
    default void failed(String view, RuntimeException failure, Duration used) {}
}
