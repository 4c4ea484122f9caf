package dev.freehold.composition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One source in one page: the keys that are asked, each once, and what came of them.
 *
 * <p>A key has a number, its slot. Its {@link Outcome} is that of the call that it is asked with; if it has no failure of its
 * own, the row at the slot is the answer, and no row means that there is none.
 */
final class SourceRun {

    private static final Object[] NOTHING = new Object[0];
    private static final Outcome[] NO_OUTCOMES = new Outcome[0];
    private static final BitSet NOTHING_RECALLED = new BitSet(0);

    private final SourceDefinition source;
    private final int rowsOfEach;
    private final KeyTable keys;
    private @Nullable Object[] rows = NOTHING;
    private Outcome[] outcomes = NO_OUTCOMES;
    private final List<Chunk> chunks = new ArrayList<>(2);
    private final BitSet recalled; // empty and shared without a cache
    private final @Nullable Recollection memory; // null without a cache
    private int lookedUp;
    private boolean clean = true;
    private int asked;
    private int unknown;

    /**
     * Nothing asked yet.
     *
     * @param rowsOfEach how many rows of a key are wanted at most
     * @param expected how many keys there may be
     */
    SourceRun(SourceDefinition source, int rowsOfEach, int expected) {
        this.source = source;
        this.rowsOfEach = rowsOfEach;
        this.keys = new KeyTable(expected);
        this.recalled = source.cache() == null ? NOTHING_RECALLED : new BitSet(0);
        this.memory = source.cache() == null ? null : new Recollection(source.cache());
    }

    /** All sources of a plan, of which nothing has been asked. */
    static SourceRun[] of(Plan plan, int expectedRows) {
        SourceRun[] runs = new SourceRun[plan.sources().size()];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = new SourceRun(plan.sources().get(i), plan.rowsOfEach(i), expectedRows);
        }
        return runs;
    }

    SourceDefinition source() {
        return source;
    }

    KeyTable keys() {
        return keys;
    }

    /** The calls that asked for any of these slots. */
    List<Chunk> chunks(int from, int to) {
        List<Chunk> found = new ArrayList<>(chunks.size());
        for (Chunk chunk : chunks) {
            if (chunk.hasAny(from, to)) {
                found.add(chunk);
            }
        }
        return found;
    }

    /** Whether nothing of it has failed, or is stale, so that no key need be looked at for that. */
    boolean isClean() {
        return clean;
    }

    /** How many keys have been asked. */
    int asked() {
        return asked;
    }

    /** How many rows were for keys that nobody asked for. */
    int unknown() {
        return unknown;
    }

    boolean hasUnasked() {
        return asked < keys.size();
    }

    /**
     * Takes from the cache what that knows of keys that have not been looked up there yet.
     *
     * @param whose what answers depend on; for nobody else, there is no looking up
     */
    void recall(Whose whose, Supplier<Instant> clock) {
        if (memory == null) {
            return;
        }
        memory.of(whose);
        if (!memory.isOpen() || lookedUp == keys.size()) {
            return;
        }
        makeRoom(keys.size());
        Instant now = clock.get();
        for (; lookedUp < keys.size(); lookedUp++) {
            recall(memory, lookedUp, now);
        }
        passRecalled();
    }

    /** Whether the cache has an answer that is good in place of a call. */
    private boolean recall(Recollection from, int slot, Instant now) {
        SourceCache.Entry entry = from.find(slot, keys.key(slot), now);
        if (entry == null) {
            return false;
        }
        recalled.set(slot);
        rows[slot] = entry.row();
        outcomes[slot] = Outcome.recalled(entry.asOf(), false);
        return true;
    }

    private void passRecalled() {
        asked = recalled.isEmpty() ? asked : recalled.nextClearBit(asked);
    }

    /** How many of the keys with these slots were answered by the cache. */
    int recalled(int from, int to) {
        return recalled.isEmpty() ? 0 : recalled.get(from, to).cardinality();
    }

    /** Takes the next keys to ask, as many as a call may have. */
    Chunk next() {
        int from = asked;
        makeRoom(keys.size());
        KeyList wanted = wanted();
        BitSet known = recalled.isEmpty() ? null : recalled.get(from, asked);
        Chunk chunk = new Chunk(this, from, asked, known, wanted);
        passRecalled();
        add(chunk);
        return chunk;
    }

    private void add(Chunk chunk) {
        chunks.add(chunk);
        for (int slot = chunk.from(); slot < chunk.to(); slot++) {
            if (chunk.has(slot)) {
                outcomes[slot] = chunk.outcome();
            }
        }
    }

    /**
     * Looks again, with the keys claimed: another page may have put them into the cache since, and claims them no more.
     *
     * @return what is still to be asked: the same if that is all
     */
    Chunk recallAgain(Chunk chunk, Instant now) {
        BitSet known = new BitSet(0);
        for (int slot = chunk.from(); memory != null && slot < chunk.to(); slot++) {
            if (chunk.has(slot) && recall(memory, slot, now)) {
                known.set(slot - chunk.from());
            }
        }
        return known.isEmpty() ? chunk : replace(chunk, chunk.without(known));
    }

    private Chunk replace(Chunk chunk, Chunk rest) {
        chunks.remove(chunk);
        if (!rest.keys().isEmpty()) {
            add(rest);
        }
        return rest;
    }

    /** Puts the parts of a call in its place, each with the slots of its keys. */
    List<Chunk> divide(Chunk whole, List<Caller.Share> shares) {
        chunks.remove(whole);
        List<Chunk> parts = new ArrayList<>(shares.size());
        for (Caller.Share share : shares) {
            BitSet others = new BitSet(whole.size());
            others.set(0, whole.size());
            for (Object key : share.keys()) {
                others.clear(keys.find(key) - whole.from());
            }
            Chunk part = whole.with(share, others);
            add(part);
            parts.add(part);
        }
        return parts;
    }

    private KeyList wanted() {
        int most = Math.min(keys.size() - asked, source.maxBatch());
        if (recalled.isEmpty() && source.url() == null) {
            asked += most;
            return keys.keys(asked - most, asked, rowsOfEach);
        }
        List<Object> wanted = new ArrayList<>(most);
        int room = source.url() == null ? 0 : source.url().maxBytes();
        for (; asked < keys.size() && wanted.size() < source.maxBatch(); passRecalled()) {
            room -= source.url() == null ? 0 : source.url().bytes(keys.key(asked));
            if (room < 0 && !wanted.isEmpty()) {
                break;
            }
            wanted.add(keys.key(asked++));
        }
        return new KeyList(wanted.toArray(), 0, wanted.size(), rowsOfEach);
    }

    private void makeRoom(int slots) {
        if (rows.length < slots) {
            rows = Arrays.copyOf(rows, slots);
            outcomes = Arrays.copyOf(outcomes, slots);
        }
    }

    /** Whether all keys with a lower slot have been answered. */
    boolean isKnown(int slot) {
        if (!hasAsked(slot)) {
            return false;
        }
        for (Chunk chunk : chunks) {
            if (chunk.from() < slot && chunk.outcome().isPending()) {
                return false;
            }
        }
        return true;
    }

    /** Whether all keys with a lower slot have been asked. */
    boolean hasAsked(int slot) {
        return asked >= slot;
    }

    /** Takes what was found for one key for a failure. */
    void fail(int slot, Failure failure) {
        clean = false;
        outcomes[slot] = Outcome.failed(failure);
    }

    /** Ends a call without an answer; what was answered before may do instead. */
    void fail(Chunk chunk, Failure failure) {
        clean = false;
        chunk.outcome().fail(failure);
        for (int slot = chunk.from(); memory != null && slot < chunk.to(); slot++) {
            SourceCache.Entry entry = chunk.has(slot) ? memory.inPlaceOf(failure, slot) : null;
            if (entry != null) {
                rows[slot] = entry.row();
                outcomes[slot] = Outcome.recalled(entry.asOf(), true);
            }
        }
    }

    /** Whether anything has been said of a key, by the source or a cache. */
    boolean isAnswered(int slot) {
        return slot < outcomes.length && outcomes[slot] != null && !outcomes[slot].isPending();
    }

    Outcome outcome(int slot) {
        return outcomes[slot];
    }

    /** What was found: a row, or the list of rows of a grouped source; null if there is none. */
    @Nullable
    Object row(int slot) {
        Object row = rows[slot];
        return row == null && source.grouped() ? List.of() : row;
    }

    /** Takes in what a call was answered with; if that fails, the call has to be {@linkplain #fail failed}. */
    void absorb(Chunk chunk, Reply reply) {
        unknown += new Intake(this, chunk).take(reply.answer());
        chunk.outcome().answered(reply.asOf(), reply.missed());
        reply.ofKeys().forEach((key, outcome) -> outcomes[keys.find(key)] = outcome);
        clean &= !reply.missed() && reply.ofKeys().isEmpty();
        if (reply.missed()) {
            doubtAbsence(chunk);
        } else {
            remember(chunk, reply);
        }
    }

    /** What there is not yet may be there already, for all that the source knows. */
    private void doubtAbsence(Chunk chunk) {
        Failure behind = Failure.of(source.name(), Cause.BEHIND, "it has no row, and has not got as far as it should");
        for (int slot = chunk.from(); slot < chunk.to(); slot++) {
            if (outcomes[slot] == chunk.outcome() && isAbsent(slot)) {
                fail(slot, behind);
            }
        }
    }

    private boolean isAbsent(int slot) {
        return row(slot) == null || source.grouped() && row(slot) instanceof List<?> list && list.isEmpty();
    }

    private void remember(Chunk chunk, Reply reply) {
        for (int slot = chunk.from(); memory != null && slot < chunk.to(); slot++) {
            if (outcomes[slot] == chunk.outcome() && (rows[slot] != null || !reply.trial())) {
                memory.keep(keys.key(slot), row(slot), reply.asOf());
            }
        }
    }

    /** What was found for one key; null if nothing was. */
    @Nullable
    Object found(int slot) {
        return rows[slot];
    }

    /** Notes what was found for one key: a row, or the list of a grouped source. */
    void found(int slot, Object row) {
        rows[slot] = row;
    }
}
