package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Distinct keys and their numbers. */
class KeyTableTests {

    private static final int SPREAD = 0x9E3779B9;

    /** Keys that somebody has chosen: all with one hash. */
    private record Chosen(int value, AtomicLong comparisons) implements Comparable<Chosen> {

        @Override
        public int hashCode() {
            return 42;
        }

        @Override
        public boolean equals(Object other) {
            comparisons.incrementAndGet();
            return other instanceof Chosen chosen && chosen.value == value;
        }

        @Override
        public int compareTo(Chosen other) {
            comparisons.incrementAndGet();
            return Integer.compare(value, other.value);
        }
    }

    @Test
    void compareKeysOfOneHashNoMoreThanAMapOfTheJdkDoes() {
        AtomicLong comparisons = new AtomicLong();
        KeyTable table = new KeyTable(10);
        int keys = 10_000;
        for (int i = 0; i < keys; i++) {
            assertThat(table.add(new Chosen(i, comparisons))).isEqualTo(i);
        }
        for (int i = 0; i < keys; i++) {
            assertThat(table.find(new Chosen(i, comparisons))).isEqualTo(i);
            assertThat(table.add(new Chosen(i, comparisons))).isEqualTo(i);
            assertThat(table.key(i)).isEqualTo(new Chosen(i, comparisons));
        }
        assertThat(table.find(new Chosen(keys, comparisons))).isEqualTo(-1);
        assertThat(comparisons.get())
                .as("comparisons, of %,d if each key met each other one", (long) keys * keys)
                .isLessThan(keys * 100L);
    }

    /** Keys of different hashes that all want the same place. */
    @Test
    void knowKeysThatWereChosenToMeet() {
        int inverse = 1;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - SPREAD * inverse; // Newton, modulo 2^32
        }
        assertThat(SPREAD * inverse).isEqualTo(1);
        KeyTable table = new KeyTable(10);
        for (int i = 0; i < 5_000; i++) {
            assertThat(table.add(i * inverse)).isEqualTo(i);
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(table.find(i * inverse)).isEqualTo(i);
        }
    }

    @Test
    void agreeWithAMap() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            KeyTable table = new KeyTable(random.nextInt(100));
            Map<Object, Integer> expected = new HashMap<>();
            for (int i = 0; i < random.nextInt(2_000); i++) {
                Object key = random.nextInt(1 + random.nextInt(3_000));
                assertThat(table.add(key)).isEqualTo(number(expected, key));
            }
            expected.forEach((key, slot) -> assertThat(table.find(key)).isEqualTo(slot));
            assertThat(table.size()).isEqualTo(expected.size());
        }
    }

    private static int number(Map<Object, Integer> known, Object key) {
        Integer number = known.putIfAbsent(key, known.size());
        return number == null ? known.size() - 1 : number;
    }
}
