package dev.freehold.composition;

/** Is told how pages were made, on the threads that asked for them. */
@FunctionalInterface
public interface PageListener {

    /** A page has been made; one that failed is not told of. */
    void made(Analysis analysis);
}
