package dev.freehold.composition;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a source that are asked with one call.
 *
 * @param run the source in this page
 * @param from the slot of the first one
 * @param to the slot behind the last one
 * @param others slots between them that are not of this call; null: none
 * @param keys what the source gets
 * @param share of a call that asks for more, perhaps; null: of its own
 * @param outcome what came of it
 */
record Chunk(
        SourceRun run,
        int from,
        int to,
        @Nullable BitSet others,
        KeyList keys,
        Caller.@Nullable Share share,
        Outcome outcome) {

    Chunk(SourceRun run, int from, int to, @Nullable BitSet others, KeyList keys) {
        this(run, from, to, others, keys, null, new Outcome());
    }

    /** The part of it that a call is asked for, with slots of its own. */
    Chunk with(Caller.Share part, BitSet without) {
        return new Chunk(run, from, to, without, part.keys(), part, new Outcome());
    }

    /** The rest of it without some slots, counted from its first one. */
    Chunk without(BitSet known) {
        BitSet more = new BitSet(size());
        more.or(known);
        if (others != null) {
            more.or(others);
        }
        List<Object> rest = new ArrayList<>();
        for (int slot = more.nextClearBit(0); slot < size(); slot = more.nextClearBit(slot + 1)) {
            rest.add(run.keys().key(from + slot));
        }
        return new Chunk(run, from, to, more, new KeyList(rest.toArray()));
    }

    SourceDefinition source() {
        return run.source();
    }

    int size() {
        return to - from;
    }

    boolean has(int slot) {
        return from <= slot && slot < to && (others == null || !others.get(slot - from));
    }

    /** Whether it has any of these slots. */
    boolean hasAny(int first, int end) {
        for (int slot = Math.max(from, first); slot < Math.min(to, end); slot++) {
            if (has(slot)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the call asks for a key for others. */
    boolean asksForOthers(Object key) {
        return share != null && share.asked().asSet().contains(key);
    }
}
