package dev.freehold.composition;

import java.util.AbstractList;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Distinct keys of one call, in a stable order, and how many rows of each are wanted; equal to the same keys in the same order, of
 * which as many are wanted. Cannot be changed.
 */
final class KeyList extends AbstractList<Object> implements RandomAccess {

    static final int ALL_ROWS = Integer.MAX_VALUE;

    private final Object[] keys;
    private final int from;
    private final int to;
    private final int rowsOfEach;
    private int hash;
    private volatile @Nullable Set<Object> set;

    /** All of them, and all of their rows. */
    KeyList(Object[] keys) {
        this(keys, 0, keys.length, ALL_ROWS);
    }

    /** A part of an array that does not change there. */
    KeyList(Object[] keys, int from, int to, int rowsOfEach) {
        this.keys = keys;
        this.from = from;
        this.to = to;
        this.rowsOfEach = rowsOfEach;
    }

    int rowsOfEach() {
        return rowsOfEach;
    }

    @Override
    public Object get(int index) {
        return keys[from + Objects.checkIndex(index, size())];
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    public Iterator<Object> iterator() {
        return new Iterator<>() {

            private int next = from;

            @Override
            public boolean hasNext() {
                return next < to;
            }

            @Override
            public Object next() {
                if (next >= to) {
                    throw new NoSuchElementException();
                }
                return keys[next++];
            }
        };
    }

    @Override
    public Object[] toArray() {
        return Arrays.copyOfRange(keys, from, to);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyList list
                ? rowsOfEach == list.rowsOfEach && Arrays.equals(keys, from, to, list.keys, list.from, list.to)
                : super.equals(other);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = super.hashCode();
        }
        return hash;
    }

    /** The same as a set, which hashes nothing before it is asked what it contains. */
    Set<Object> asSet() {
        Set<Object> known = set;
        if (known == null) {
            known = new KeySet(this);
            set = known;
        }
        return known;
    }

    private static final class KeySet extends AbstractSet<Object> {

        private final List<Object> keys;
        private volatile @Nullable Set<Object> hashed;

        private KeySet(List<Object> keys) {
            this.keys = keys;
        }

        @Override
        public Iterator<Object> iterator() {
            return keys.iterator();
        }

        @Override
        public int size() {
            return keys.size();
        }

        @Override
        public boolean contains(@Nullable Object key) {
            Set<Object> all = hashed;
            if (all == null) {
                all = new HashSet<>(keys);
                hashed = all;
            }
            return all.contains(key);
        }
    }
}
