package dev.freehold.composition;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One component in one page: which keys its rows have, as slots of its source, and then what the rows get. */
abstract sealed class StepRun permits OneKeyRun, ManyKeysRun {

    /** In a slot's place: there is no key. */
    static final int NO_KEY = -1;

    /** In a slot's place: what the key comes from is unavailable. */
    static final int NO_PARENT = -2;

    /** In a slot's place: reading the key has failed. */
    static final int BAD_KEY = -3;

    final Step step;
    final SourceRun source;
    private final String view;
    private final @Nullable StepRun parent;
    private @Nullable Failure dependency;
    private @Nullable Failure badKey;
    int[] slots = new int[0];
    private int needed; // slots below this one
    private int mentions;
    private int before;
    private int after;
    private long knownAt;
    private Set<Outcome> awaited = Set.of();

    StepRun(String view, Step step, SourceRun source, @Nullable StepRun parent) {
        this.view = view;
        this.step = step;
        this.source = source;
        this.parent = parent;
    }

    static StepRun of(String view, Step step, SourceRun source, @Nullable StepRun parent) {
        return step.via() == null
                ? new OneKeyRun(view, step, source, parent)
                : new ManyKeysRun(view, step, step.via(), source, parent);
    }

    /** Finds the keys of all rows and adds them to those that the source is asked. */
    final void begin(Object[] roots) {
        before = source.keys().size();
        slots = findKeys(roots);
        after = source.keys().size();
        for (int slot : slots) {
            needed = Math.max(needed, slot + 1);
            mentions += slot >= 0 ? 1 : 0;
        }
    }

    /** How many of its keys had not been asked for in this page. */
    final int added() {
        return after - before;
    }

    /** How many of those the cache knew. */
    final int recalled() {
        return source.recalled(before, after);
    }

    /** The calls that asked for those. */
    final List<Chunk> chunks() {
        return source.chunks(before, after);
    }

    /** Notes when all was known. */
    final void known(long nanoTime) {
        knownAt = nanoTime;
    }

    final long knownAt() {
        return knownAt;
    }

    final @Nullable StepRun parent() {
        return parent;
    }

    /** The slots of all rows' keys, one row after the other. */
    abstract int[] findKeys(Object[] roots);

    /** Whether all its keys have been answered; others of the same source may still be under way. */
    final boolean isKnown() {
        if (source.isKnown(needed)) {
            return true;
        }
        if (awaited.isEmpty() && source.hasAsked(needed)) {
            awaited = pending();
        }
        if (!source.hasAsked(needed)) {
            return false;
        }
        for (Outcome outcome : awaited) {
            if (outcome.isPending()) {
                return false;
            }
        }
        return true;
    }

    private Set<Outcome> pending() {
        Set<Outcome> pending = Collections.newSetFromMap(new IdentityHashMap<>(4));
        Outcome last = null;
        for (int slot : slots) {
            Outcome outcome = slot < 0 ? null : source.outcome(slot);
            if (outcome != null && outcome != last && outcome.isPending()) {
                pending.add(outcome);
            }
            last = outcome;
        }
        return pending;
    }

    /** How many keys the rows have, with repetitions. */
    final int mentions() {
        return mentions;
    }

    /** Whether all its rows have keys, of which nothing has failed or is stale. */
    final boolean isClean() {
        return source.isClean() && mentions == slots.length;
    }

    /** Whether one of its rows has a key that is asked with this outcome. */
    final boolean uses(Outcome outcome) {
        for (int slot : slots) {
            if (slot >= 0 && source.outcome(slot) == outcome) {
                return true;
            }
        }
        return false;
    }

    /** Why there is nothing for a row; null if that is known. */
    abstract @Nullable Failure failure(int row);

    /** A source's row, or a list of them, for the components whose keys come from it; null if there is none. */
    abstract @Nullable Object found(int row);

    /** Notes that a row depends on what came of its keys; whether any of that is stale. */
    abstract boolean showed(int row, Shortage shortage);

    /** To be called when all its keys have been answered, before {@link #value}. */
    abstract void prepare();

    /** The component of a row. */
    abstract Object value(int row, Shortage shortage);

    /** Whether it is known that there is nothing for a row. */
    final boolean isFoundAbsent(int row) {
        return failure(row) == null && isAbsent(row);
    }

    /** Whether nothing was found for a row, which has no {@linkplain #failure failure}. */
    abstract boolean isAbsent(int row);

    final boolean isParentUnavailable(int row) {
        return parent != null && parent.failure(row) != null;
    }

    /** What the keys of a row come from. */
    final @Nullable Object origin(Object[] roots, int row) {
        return parent == null ? roots[row] : parent.found(row);
    }

    final @Nullable Object key(@Nullable Object from) {
        Function<Object, @Nullable Object> key = step.key();
        return from == null || key == null ? from : key.apply(from);
    }

    final @Nullable Failure failureAt(int slot) {
        if (slot >= 0) {
            return source.outcome(slot).failure();
        }
        return slot == NO_PARENT ? dependency() : slot == BAD_KEY ? badKey : null;
    }

    private Failure dependency() {
        if (dependency == null) {
            dependency = Failure.of(
                    step.source().name(), Cause.DEPENDENCY, "what " + step.keyPath() + " comes from is unavailable");
        }
        return dependency;
    }

    /** The rows that are shown. */
    final <T> List<T> limited(List<T> rows) {
        return step.limit() == 0 || rows.size() <= step.limit() ? rows : rows.subList(0, step.limit());
    }

    /**
     * The list as the component has it.
     *
     * @param rows those that are shown
     * @param found how many there are
     */
    final Object delivered(List<?> rows, int found) {
        return step.limit() == 0 ? rows : new Slice<>(rows, found > rows.size());
    }

    final Object projected(Object row) {
        return step.projection() == null ? row : step.projection().apply(row);
    }

    /** The slot that stands for a key that cannot be read: a getter of somebody's row has thrown something. */
    final int unreadable(RuntimeException thrown) {
        badKey = unreadable("reading " + step.keyPath() + " failed: " + thrown, thrown);
        return BAD_KEY;
    }

    /** The rows of a key cannot be made into what the component wants. */
    final Failure unreadable(int slot, RuntimeException thrown) {
        Failure failure = unreadable("its row cannot be taken: " + thrown, thrown);
        source.fail(slot, failure);
        return failure;
    }

    private Failure unreadable(String detail, RuntimeException thrown) {
        return new Failure(step.source().name(), Cause.UNREADABLE, detail, thrown, null);
    }

    final Object unavailable(Failure failure, Shortage shortage) {
        if (step.isRequired()) {
            throw new SourceUnavailableException(view, step.component(), failure);
        }
        return shortage.part(step, failure);
    }

    final Object absent(@Nullable Object key) {
        if (step.isRequired()) {
            throw new AbsentPartException(view, step.component(), step.source().name(), key);
        }
        return new Part.Absent<>(key);
    }
}
