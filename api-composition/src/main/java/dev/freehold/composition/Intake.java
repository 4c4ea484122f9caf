package dev.freehold.composition;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes in what one call of a source was answered with: which row is for which key, and what is wrong with it. */
final class Intake {

    private final SourceRun run;
    private final SourceDefinition source;
    private final Chunk chunk;
    private int unknown;
    private int next; // the slot of the next row's key, if rows come in the order of the keys

    Intake(SourceRun run, Chunk chunk) {
        this.run = run;
        this.source = run.source();
        this.chunk = chunk;
        this.next = chunk.from();
    }

    /**
     * Puts the rows to their keys.
     *
     * @return how many were for keys that nobody asked for
     * @throws CallFailedException if none of it can be taken
     */
    int take(@Nullable Object answer) {
        requireBounded(answer);
        switch (source.answers()) {
            case SINGLE -> one(answer);
            case MAP -> map((Map<?, ?>) required(answer));
            case ROWS -> rows((Collection<?>) required(answer));
        }
        if (unknown > 0) {
            mismatched();
        }
        return unknown;
    }

    /** That a service says nothing, as with an empty body, does not say that there is nothing. */
    private static Object required(@Nullable Object answer) {
        if (answer == null) {
            throw unreadable("it answered with null in place of rows");
        }
        return answer;
    }

    private static CallFailedException unreadable(String why) {
        return new CallFailedException(Cause.UNREADABLE, why, null, null);
    }

    private void requireBounded(@Nullable Object answer) {
        long size = 0;
        if (answer instanceof Map<?, ?> map) {
            for (Object rows : map.values()) {
                size += source.grouped() && rows != null ? BeanMethod.rows(rows).size() : 1;
            }
        } else if (answer instanceof Collection<?> several) {
            size = several.size();
        }
        if (size > source.maxRows()) {
            throw new CallFailedException(
                    Cause.TOO_LARGE,
                    "it answered with %d rows, and its maxRows is %d".formatted(size, source.maxRows()),
                    null,
                    null);
        }
    }

    private void one(@Nullable Object answer) {
        put(run.keys().find(chunk.keys().get(0)), answer);
    }

    private void map(Map<?, ?> answer) {
        answer.forEach((key, row) -> put(slot(key), row));
    }

    private void put(int slot, @Nullable Object row) {
        if (slot < 0 || row == null) {
            return;
        }
        if (source.grouped() && hasNull(BeanMethod.rows(row))) {
            run.fail(slot, Failure.of(source.name(), Cause.UNREADABLE, "it has null among its rows"));
        } else {
            run.found(slot, source.grouped() ? List.copyOf(BeanMethod.rows(row)) : row);
        }
    }

    private static boolean hasNull(Collection<?> rows) {
        for (Object row : rows) {
            if (row == null) {
                return true;
            }
        }
        return false;
    }

    private void rows(Collection<?> answer) {
        if (source.grouped()) {
            group(answer.toArray());
            return;
        }
        for (Object row : answer) {
            if (row != null) {
                single(row);
            }
        }
    }

    private void single(Object row) {
        int slot = slot(source.requiredRowKey().apply(row));
        if (slot < 0) {
            return;
        }
        if (run.found(slot) == null) {
            run.found(slot, row);
        } else if (run.outcome(slot) == chunk.outcome()) {
            run.fail(slot, duplicate(run.keys().key(slot)));
        }
    }

    /** Gives each key its rows, which are a part of one array. */
    private void group(Object[] all) {
        int[] slots = new int[all.length];
        boolean sorted = true;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == null) {
                throw unreadable("it answered with null among its rows, which may be any key's");
            }
            slots[i] = slot(source.requiredRowKey().apply(all[i]));
            sorted &= slots[i] >= 0 && (i == 0 || slots[i] >= slots[i - 1]);
        }
        if (sorted) {
            divide(all, slots);
        } else {
            sort(all, slots);
        }
    }

    private void divide(Object[] all, int[] slots) {
        int begin = 0;
        for (int i = 1; i <= all.length; i++) {
            if (i == all.length || slots[i] != slots[begin]) {
                run.found(slots[begin], new RowList(all, begin, i - begin));
                begin = i;
            }
        }
    }

    /** By counting. */
    private void sort(Object[] all, int[] slots) {
        int[] ends = new int[chunk.size() + 1]; // of a slot's rows that have been put there
        for (int slot : slots) {
            if (slot >= 0) {
                ends[slot - chunk.from() + 1]++;
            }
        }
        for (int i = 1; i < ends.length; i++) {
            ends[i] += ends[i - 1];
        }
        Object[] sorted = new Object[ends[chunk.size()]];
        for (int i = 0; i < all.length; i++) {
            if (slots[i] >= 0) {
                sorted[ends[slots[i] - chunk.from()]++] = all[i];
            }
        }
        int begin = 0; // each has come to where the next slot's rows begin
        for (int i = 0; i < chunk.size(); i++) {
            if (ends[i] > begin) {
                run.found(chunk.from() + i, new RowList(sorted, begin, ends[i] - begin));
            }
            begin = ends[i];
        }
    }

    private int slot(@Nullable Object key) {
        int slot = key == null ? -1 : find(key);
        if (chunk.has(slot)) {
            next = slot + 1;
            return slot;
        }
        if (key == null || !chunk.asksForOthers(key)) {
            unknown++;
        }
        return -1;
    }

    /** Most answers come in the order of the keys: then one look does, at the next one or, for a list, at the last one again. */
    private int find(Object key) {
        KeyTable keys = run.keys();
        if (next < chunk.to() && keys.key(next).equals(key)) {
            return next;
        }
        return next > chunk.from() && keys.key(next - 1).equals(key) ? next - 1 : keys.find(key);
    }

    /** Somebody answered for keys that nobody asked for: what has no row may well have one, under a key of another form. */
    private void mismatched() {
        Failure failed = Failure.of(source.name(), Cause.UNKNOWN_KEY, "it answered for keys that it was not asked for");
        for (int slot = chunk.from(); slot < chunk.to(); slot++) {
            if (chunk.has(slot) && run.found(slot) == null) {
                run.fail(slot, failed);
            }
        }
    }

    private Failure duplicate(Object key) {
        return Failure.of(source.name(), Cause.DUPLICATE, "it has more than one row for key " + key);
    }
}
