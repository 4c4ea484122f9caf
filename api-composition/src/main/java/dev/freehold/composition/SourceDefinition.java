package dev.freehold.composition;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * A source, as the engine sees it.
 *
 * @param name unique among sources and root sources
 * @param origin where it is declared, for messages
 * @param keyType of its keys
 * @param rowType of its rows
 * @param answers how it answers
 * @param grouped whether a key may have more than one row
 * @param rowKey reads the key of a row; null unless it answers with rows
 * @param maxBatch how many keys a call has at most
 * @param url how long they may be in a URL; null: any length
 * @param takesLimit whether it is told how many rows of each key are wanted
 * @param maxRows how many rows an answer has at most
 * @param inline whether it is called on the thread of the page
 * @param cache keeps its answers; null: nothing does
 * @param target what is called, with {@link KeyList} as its arguments
 */
record SourceDefinition(
        String name,
        String origin,
        Class<?> keyType,
        ResolvableType rowType,
        Answers answers,
        boolean grouped,
        @Nullable Function<Object, @Nullable Object> rowKey,
        int maxBatch,
        @Nullable UrlLimit url,
        boolean takesLimit,
        int maxRows,
        boolean inline,
        @Nullable SourceCache cache,
        Question.Target target) {

    Function<Object, @Nullable Object> requiredRowKey() {
        if (rowKey == null) {
            throw new IllegalStateException("source '" + name + "' does not answer with rows");
        }
        return rowKey;
    }

    /** What a source returns. */
    enum Answers {
        /** Rows that tell their keys. */
        ROWS,
        /** A map from keys to rows, or to collections of rows. */
        MAP,
        /** What belongs to the one key that it was asked for. */
        SINGLE
    }
}
