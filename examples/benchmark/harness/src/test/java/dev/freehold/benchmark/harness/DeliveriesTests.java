package dev.freehold.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveriesTests {

    private static final int MESSAGES = 10_000;

    private final int[] numbers = Deliveries.numbers(MESSAGES);

    @Test
    void deliverEachMessageOneToFiveTimes() {
        int[] times = new int[MESSAGES];
        Arrays.stream(numbers).forEach(number -> times[number]++);
        assertThat(IntStream.of(times).boxed()).allMatch(n -> n >= 1 && n <= 5).contains(1, 2, 3, 4, 5);
    }

    @Test
    void bringNewMessagesInOrder() {
        assertThat(Arrays.stream(numbers).distinct()).isSorted();
    }

    @Test
    void areTheSameForEverybody() {
        assertThat(Deliveries.numbers(MESSAGES)).isEqualTo(numbers);
    }
}
