package dev.freehold.composition;

/**
 * Keys of a source that are asked with one call.
 *
 * @param run the source in this page
 * @param from the slot of the first one
 * @param to the slot behind the last one; between them may be such that are known already
 * @param keys what the source gets
 * @param outcome what came of it
 */
record Chunk(SourceRun run, int from, int to, KeyList keys, Outcome outcome) {

    Chunk(SourceRun run, int from, int to, KeyList keys) {
        this(run, from, to, keys, new Outcome());
    }

    SourceDefinition source() {
        return run.source();
    }

    int size() {
        return to - from;
    }

    boolean has(int slot) {
        return from <= slot && slot < to && !run.isRecalled(slot);
    }
}
