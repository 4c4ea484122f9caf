package dev.freehold.composition;

/** What becomes of a view's row if a source has no row for it. */
public enum Join {

    /** It stays; a component of type {@link Part} says that there is nothing, and a required one makes the page fail. */
    LEFT,

    /**
     * It is left out. Not if the source is unavailable: then a {@link Part} says so, and a required component makes the page
     * fail.
     */
    INNER
}
