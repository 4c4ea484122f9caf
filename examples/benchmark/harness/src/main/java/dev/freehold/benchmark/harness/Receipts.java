package dev.freehold.benchmark.harness;

import java.util.Arrays;

/**
 * What a consumer has received, judged by the numbers: each once, and those of a key in ascending order.
 *
 * <p>Written by one thread; the counts may be read by others.
 */
final class Receipts {

    private final long[] receivedAt;
    private final long[] highestOfKey;
    private volatile int distinct;
    private int duplicates;
    private int inversions;

    /** Expects the numbers below {@code capacity}. */
    Receipts(int capacity, int keys) {
        this.receivedAt = new long[capacity];
        this.highestOfKey = new long[keys];
        Arrays.fill(highestOfKey, -1);
    }

    void add(int number, long nanoTime) {
        if (receivedAt[number] != 0) {
            duplicates++;
            return;
        }
        receivedAt[number] = nanoTime;
        int key = number % highestOfKey.length;
        if (highestOfKey[key] > number) {
            inversions++;
        } else {
            highestOfKey[key] = number;
        }
        distinct = distinct + 1;
    }

    /** How many different events have come. */
    int distinct() {
        return distinct;
    }

    /** How many came again. */
    int duplicates() {
        return duplicates;
    }

    /** How many came for the first time after a later one of the same key. */
    int inversions() {
        return inversions;
    }

    /** When an event came first, as {@link System#nanoTime()}, or 0 if it has not. */
    long receivedAt(int number) {
        return receivedAt[number];
    }
}
