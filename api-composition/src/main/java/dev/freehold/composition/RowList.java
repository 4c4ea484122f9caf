package dev.freehold.composition;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/** A part of an array of rows, as a list that cannot be changed: the rows of one key of a grouped source. */
final class RowList extends AbstractList<Object> implements RandomAccess {

    private final Object[] rows;
    private final int from;
    private final int size;

    RowList(Object[] rows, int from, int size) {
        this.rows = rows;
        this.from = from;
        this.size = size;
    }

    @Override
    public Object get(int index) {
        return rows[from + Objects.checkIndex(index, size)];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Object[] toArray() {
        return Arrays.copyOfRange(rows, from, from + size);
    }
}
