package dev.freehold.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceiptsTests {

    private static final int KEYS = 2;

    private final Receipts receipts = new Receipts(6, KEYS);

    @Test
    void countsEachEventOnceAndItsRepetitionsApart() {
        receive(0, 1, 2, 2, 1);
        assertThat(receipts.distinct()).isEqualTo(3);
        assertThat(receipts.duplicates()).isEqualTo(2);
        assertThat(receipts.inversions()).isZero();
    }

    @Test
    void countsAnEventThatCameAfterALaterOneOfItsKey() {
        receive(4, 0, 2, 1, 3);
        assertThat(receipts.inversions()).isEqualTo(2);
    }

    @Test
    void doesNotMindTheOrderOfDifferentKeys() {
        receive(1, 0, 3, 2);
        assertThat(receipts.inversions()).isZero();
    }

    @Test
    void keepsTheTimeOfTheFirstReceipt() {
        receipts.add(3, 7);
        receipts.add(3, 9);
        assertThat(receipts.receivedAt(3)).isEqualTo(7);
    }

    private void receive(int... numbers) {
        for (int number : numbers) {
            receipts.add(number, 1);
        }
    }
}
