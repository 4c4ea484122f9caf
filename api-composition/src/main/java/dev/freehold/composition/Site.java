package dev.freehold.composition;

/**
 * Where something is declared.
 *
 * @param name for messages: {@code CustomerApi.byIds}, {@code source 'customers'}
 * @param words of whoever declared it
 * @param problems where to say what is wrong with it
 */
record Site(String name, Wording words, Problems problems) {

    void wrong(String what, String fix) {
        problems.add(name, what, fix);
    }

    /** As {@link Wording#option}. */
    String option(String option, Object value) {
        return words.option(option, value);
    }

    /** As {@link Wording#choose}. */
    String choose(String ofAnnotations, String ofSpecs) {
        return words.choose(ofAnnotations, ofSpecs);
    }
}
