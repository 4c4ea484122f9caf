package dev.freehold.composition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A component whose rows have many keys each: what is found for them, in their order, each key once. */
final class ManyKeysRun extends StepRun {

    private static final int FEW = 16;

    private final Function<Object, @Nullable Object> via;
    private int[] found = new int[0]; // the slots while they are found
    private final BitSet many = new BitSet(0); // slots of a row that has more than a few
    private int end;
    private int[] ends = new int[0]; // by row: behind its last slot
    private @Nullable Object[] made = new Object[0]; // by slot, for a list of parts

    ManyKeysRun(
            String view,
            Step step,
            Function<Object, @Nullable Object> via,
            SourceRun source,
            @Nullable StepRun parent) {
        super(view, step, source, parent);
        this.via = via;
    }

    @Override
    int[] findKeys(Object[] roots) {
        ends = new int[roots.length];
        found = new int[roots.length * 2];
        for (int row = 0; row < roots.length; row++) {
            end = start(row);
            try {
                findKeys(roots, row);
            } catch (RuntimeException unreadable) { // whatever a getter throws: one row must not end the page
                end = start(row);
                add(unreadable(unreadable));
            }
            ends[row] = end;
        }
        return Arrays.copyOf(found, end);
    }

    private void findKeys(Object[] roots, int row) {
        if (isParentUnavailable(row)) {
            add(NO_PARENT);
            return;
        }
        many.clear();
        for (Object element : elements(origin(roots, row))) {
            Object key = key(element);
            if (key != null) {
                int slot = source.keys().add(key);
                if (isNew(slot, start(row))) {
                    add(slot);
                }
            }
        }
    }

    /** Whether this row has it once only, until now. */
    private boolean isNew(int slot, int from) {
        if (end - from > FEW) {
            for (int i = from; many.isEmpty() && i < end; i++) {
                many.set(found[i]);
            }
            boolean isNew = !many.get(slot);
            many.set(slot);
            return isNew;
        }
        for (int i = from; i < end; i++) {
            if (found[i] == slot) {
                return false;
            }
        }
        return true;
    }

    private void add(int slot) {
        found = withRoom(found, end);
        found[end++] = slot;
    }

    private Collection<?> elements(@Nullable Object from) {
        Object elements = from == null ? null : via.apply(from);
        if (elements instanceof Object[] array) {
            return Arrays.asList(array);
        }
        return elements == null ? List.of() : (Collection<?>) elements;
    }

    private static int[] withRoom(int[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, Math.max(index + 1, array.length * 2));
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    @Override
    @Nullable
    Failure failure(int row) {
        for (int i = start(row); i < ends[row]; i++) {
            Failure failure = failureAt(slots[i]);
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    @Override
    List<Object> found(int row) {
        List<Object> found = new ArrayList<>(ends[row] - start(row));
        for (int i = start(row); i < ends[row]; i++) {
            Object one = slots[i] < 0 ? null : source.row(slots[i]);
            if (one != null && step.source().grouped()) {
                found.addAll((List<?>) one);
            } else if (one != null) {
                found.add(one);
            }
        }
        return limited(found);
    }

    @Override
    boolean isAbsent(int row) {
        return step.form() == Delivery.Form.EACH_PART
                ? start(row) == ends[row]
                : found(row).isEmpty();
    }

    @Override
    void prepare() {
        if (step.form() == Delivery.Form.EACH_PART) {
            made = new Object[source.asked()];
        }
    }

    @Override
    Object value(int row, Shortage shortage) {
        return step.form() == Delivery.Form.EACH_PART ? parts(row, shortage) : list(row, shortage);
    }

    private Object list(int row, Shortage shortage) {
        Failure failure = isClean() ? null : failure(row);
        if (failure != null) {
            return unavailable(failure, shortage);
        }
        Rows list = new Rows(ends[row] - start(row));
        for (int i = start(row); i < ends[row]; i++) {
            Failure unreadable = addTo(list, slots[i]);
            if (unreadable != null) {
                return unavailable(unreadable, shortage);
            }
        }
        boolean stale = !isClean() && showed(row, shortage);
        List<Object> found = list.taken();
        Object unchangeable = delivered(limited(found), found.size());
        return step.form() == Delivery.Form.LIST
                ? unchangeable
                : new Part.Found<>(unchangeable, asOf(row, shortage), stale);
    }

    @Override
    boolean showed(int row, Shortage shortage) {
        boolean stale = false;
        for (int i = start(row); i < ends[row]; i++) {
            if (slots[i] >= 0) {
                Outcome outcome = source.outcome(slots[i]);
                shortage.showed(outcome);
                stale |= outcome.isStale();
            }
        }
        return stale;
    }

    private @Nullable Failure addTo(Rows list, int slot) {
        Object row = source.row(slot);
        if (row == null) {
            requireNone(slot);
            return null;
        }
        try {
            if (step.source().grouped()) {
                ((List<?>) row).forEach(one -> list.add(projected(one)));
            } else {
                list.add(projected(row));
            }
            return null;
        } catch (RuntimeException unreadable) { // whatever a projection's constructor throws
            return unreadable(slot, unreadable);
        }
    }

    /** A list that is required has to be complete. */
    private void requireNone(int slot) {
        if (step.form() == Delivery.Form.LIST && step.join() == Join.LEFT) {
            absent(source.keys().key(slot));
        }
    }

    private Instant asOf(int row, Shortage shortage) {
        Instant oldest = null;
        for (int i = start(row); i < ends[row]; i++) {
            Instant asOf = source.outcome(slots[i]).asOf();
            oldest = oldest == null || asOf.isBefore(oldest) ? asOf : oldest;
        }
        return oldest == null ? shortage.begun() : oldest;
    }

    private Object parts(int row, Shortage shortage) {
        List<Object> parts = new ArrayList<>(ends[row] - start(row));
        Failure missing = null;
        for (int i = start(row); i < ends[row]; i++) {
            Object part = failureAt(slots[i]) == null ? part(slots[i]) : null;
            Failure failure = failureAt(slots[i]); // perhaps since its row has been read
            if (failure == null) {
                shortage.showed(source.outcome(slots[i]));
            }
            missing = missing == null ? failure : missing;
            parts.add(failure != null || part == null ? unavailablePart(failure) : part);
        }
        if (missing != null) {
            shortage.part(step, missing);
        }
        return Collections.unmodifiableList(parts);
    }

    private static Part<Object> unavailablePart(@Nullable Failure failure) {
        return Objects.requireNonNull(failure).part();
    }

    /** Null if its row cannot be read, which is a failure of the slot from then on. */
    private @Nullable Object part(int slot) {
        Object part = made[slot];
        if (part == null) {
            Object row = source.row(slot);
            try {
                part = row == null
                        ? new Part.Absent<>(source.keys().key(slot))
                        : new Part.Found<>(
                                projected(row),
                                source.outcome(slot).asOf(),
                                source.outcome(slot).isStale());
                made[slot] = part;
            } catch (RuntimeException unreadable) { // whatever a projection's constructor throws
                unreadable(slot, unreadable);
            }
        }
        return part;
    }

    /** A list that is made: one array, most often of the right size from the beginning. */
    private static final class Rows {

        private Object[] rows;
        private int size;

        private Rows(int expected) {
            rows = new Object[expected];
        }

        private void add(Object row) {
            if (size == rows.length) {
                rows = Arrays.copyOf(rows, Math.max(4, size * 2));
            }
            rows[size++] = row;
        }

        private List<Object> taken() {
            return size == 0 ? List.of() : new RowList(rows, 0, size);
        }
    }
}
