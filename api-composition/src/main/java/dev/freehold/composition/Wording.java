package dev.freehold.composition;

/** In which words somebody has declared something, and is told what is wrong with it. */
enum Wording {

    /** Annotations: {@code maxBatch = 50}. */
    ANNOTATIONS,

    /** Specs: {@code maxBatch(50)}. */
    SPECS;

    /** An option and its value. */
    String option(String name, Object value) {
        return choose(name + " = " + value, name + "(" + value + ")");
    }

    /** What is said of either. */
    String choose(String ofAnnotations, String ofSpecs) {
        return this == ANNOTATIONS ? ofAnnotations : ofSpecs;
    }
}
