package dev.freehold.composition;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Distinct keys, numbered from 0 in the order in which they were first added: a hash table with open addressing and linear
 * probing. A row remembers its key's number, so that the answers are joined by an index and nothing is hashed twice. Keys that
 * somebody has chosen so that they all want the same place go to a map of the JDK, which sorts such.
 */
final class KeyTable {

    private static final int SPREAD = 0x9E3779B9; // 2^32 divided by the golden ratio: Knuth, TAOCP 3, 6.4

    /** A table half full of a million keys has none farther from its place by chance. */
    private static final int FARTHEST = 256;

    private Object[] keys;
    private int[] places; // number of the key + 1, or 0
    private int shift;
    private int size;
    private @Nullable Map<Object, Integer> crowded; // in place of them

    KeyTable(int expected) {
        int capacity = Integer.highestOneBit(Math.max(8, expected) * 2 - 1) << 1;
        keys = new Object[Math.max(8, expected)];
        places = new int[capacity];
        shift = Integer.numberOfLeadingZeros(capacity) + 1;
    }

    int size() {
        return size;
    }

    Object key(int slot) {
        return keys[slot];
    }

    /** The keys with these numbers; none of them changes its place any more. */
    KeyList keys(int from, int to, int rowsOfEach) {
        return new KeyList(keys, from, to, rowsOfEach);
    }

    /** The number of a key, which is added if it is not there. */
    int add(Object key) {
        if (crowded != null) {
            Integer slot = crowded.putIfAbsent(key, size);
            return slot == null ? append(key) : slot;
        }
        int hash = key.hashCode();
        int place = find(key, hash);
        int slot = places[place] - 1;
        return slot >= 0 ? slot : insert(key, hash, place);
    }

    /** The number of a key, or -1. */
    int find(Object key) {
        return crowded == null ? places[find(key, key.hashCode())] - 1 : crowded.getOrDefault(key, -1);
    }

    private int find(Object key, int hash) {
        int mask = places.length - 1;
        int place = (hash * SPREAD) >>> shift;
        for (int found = places[place]; found != 0; found = places[place]) {
            if (keys[found - 1].equals(key)) {
                return place;
            }
            place = (place + 1) & mask;
        }
        return place;
    }

    private int insert(Object key, int hash, int place) {
        int far = (place - ((hash * SPREAD) >>> shift)) & (places.length - 1);
        int slot = append(key);
        places[place] = size;
        if (far > FARTHEST) {
            crowded = new HashMap<>(size * 2);
            for (int i = 0; i < size; i++) {
                crowded.put(keys[i], i);
            }
        } else if (size * 2 > places.length) {
            rehash();
        }
        return slot;
    }

    private int append(Object key) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size] = key;
        return size++;
    }

    private void rehash() {
        places = new int[places.length * 2];
        shift--;
        int mask = places.length - 1;
        for (int slot = 0; slot < size; slot++) {
            int place = (keys[slot].hashCode() * SPREAD) >>> shift;
            while (places[place] != 0) {
                place = (place + 1) & mask;
            }
            places[place] = slot + 1;
        }
    }
}
