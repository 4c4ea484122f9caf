package dev.freehold.outbox;

/**
 * One of the parts that the keys of an outbox are in, by a hash of the key. A key's events are all in the same one.
 *
 * @param number which one it is, from 0
 * @param of how many there are
 */
record Shard(int number, int of) {

    /** All keys. */
    static final Shard WHOLE = new Shard(0, 1);

    boolean isWhole() {
        return of == 1;
    }

    /** As a transport knows it. */
    String name() {
        return Integer.toString(number);
    }
}
