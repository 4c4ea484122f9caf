package dev.freehold.composition;

import java.util.AbstractList;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
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
    private final int rowsOfEach;
    private int hash;
    private volatile @Nullable Set<Object> set;

    KeyList(Object[] keys) {
        this(keys, ALL_ROWS);
    }

    KeyList(Object[] keys, int rowsOfEach) {
        this.keys = keys;
        this.rowsOfEach = rowsOfEach;
    }

    int rowsOfEach() {
        return rowsOfEach;
    }

    @Override
    public Object get(int index) {
        return keys[index];
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public Object[] toArray() {
        return keys.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyList list
                ? rowsOfEach == list.rowsOfEach && Arrays.equals(keys, list.keys)
                : super.equals(other);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Arrays.hashCode(keys);
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
