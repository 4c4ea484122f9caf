package dev.freehold.composition;

/**
 * What finds keys of a source, as the engine sees it.
 *
 * @param source whose keys
 * @param origin where it is declared, for messages
 * @param argument type of what is to match
 * @param keyType of the keys
 * @param maxKeys how many may match
 * @param target what is called, with {@link Match} as its arguments
 */
record KeyFinder(
        String source, String origin, Class<?> argument, Class<?> keyType, int maxKeys, Question.Target target) {

    /** What it is asked; equal if the same keys are wanted. */
    record Match(Object value, int limit) {}

    /** Tells those of all sources apart. */
    String id() {
        return source + " " + argument.getName();
    }
}
