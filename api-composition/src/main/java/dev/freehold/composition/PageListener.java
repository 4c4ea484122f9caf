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

    /** Whether it is to be told what sources say; asked when a view is made. */
    default boolean wantsAnswers() {
        return false;
    }

    /** What the sources of a page have said, before that is made, or has failed; if it {@linkplain #wantsAnswers wants} that. */
    default void heard(PageRecording recording) {}
}
