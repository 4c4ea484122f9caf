package dev.freehold.composition;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A component whose rows have one key each: what a key gets is made once, and shared by all rows that have it. */
final class OneKeyRun extends StepRun {

    private @Nullable Object[] made = new Object[0]; // by slot

    OneKeyRun(String view, Step step, SourceRun source, @Nullable StepRun parent) {
        super(view, step, source, parent);
    }

    @Override
    int[] findKeys(Object[] roots) {
        int[] found = new int[roots.length];
        for (int row = 0; row < roots.length; row++) {
            found[row] = isParentUnavailable(row) ? NO_PARENT : slot(roots, row);
        }
        return found;
    }

    private int slot(Object[] roots, int row) {
        try {
            Object key = key(origin(roots, row));
            return key == null ? NO_KEY : source.keys().add(key);
        } catch (RuntimeException unreadable) { // whatever a getter throws: one row must not end the page
            return unreadable(unreadable);
        }
    }

    @Override
    @Nullable
    Failure failure(int row) {
        return failureAt(slots[row]);
    }

    @Override
    @Nullable
    Object found(int row) {
        Object found = slots[row] < 0 ? null : source.row(slots[row]);
        return found instanceof List<?> list && step.source().grouped() ? limited(list) : found;
    }

    @Override
    boolean isAbsent(int row) {
        Object found = found(row);
        return found == null || found instanceof List<?> list && step.source().grouped() && list.isEmpty();
    }

    @Override
    boolean showed(int row, Shortage shortage) {
        if (slots[row] < 0) {
            return false;
        }
        shortage.showed(source.outcome(slots[row]));
        return source.outcome(slots[row]).isStale();
    }

    @Override
    void prepare() {
        made = new Object[source.asked()];
    }

    @Override
    Object value(int row, Shortage shortage) {
        int slot = slots[row];
        if (slot >= 0 && made[slot] != null) {
            return made[slot];
        }
        Failure failure = isClean() ? null : failureAt(slot);
        if (failure != null) {
            return unavailable(failure, shortage);
        }
        if (slot < 0) {
            return step.form() == Delivery.Form.LIST ? delivered(List.of(), 0) : absent(null);
        }
        try {
            made[slot] = make(slot);
            if (!isClean()) {
                shortage.showed(source.outcome(slot));
            }
        } catch (AbsentPartException absent) {
            throw absent;
        } catch (RuntimeException unreadable) { // whatever a projection's constructor throws
            return unavailable(unreadable(slot, unreadable), shortage);
        }
        return Objects.requireNonNull(made[slot]);
    }

    private Object make(int slot) {
        Object row = source.row(slot);
        if (row == null) {
            return absent(source.keys().key(slot));
        }
        Object value = step.source().grouped() ? projectedList((List<?>) row) : projected(row);
        return step.isRequired()
                ? value
                : new Part.Found<>(
                        value, source.outcome(slot).asOf(), source.outcome(slot).isStale());
    }

    private Object projectedList(List<?> rows) {
        List<?> shown = limited(rows);
        return delivered(
                step.projection() == null
                        ? shown
                        : shown.stream().map(step.projection()).toList(),
                rows.size());
    }
}
