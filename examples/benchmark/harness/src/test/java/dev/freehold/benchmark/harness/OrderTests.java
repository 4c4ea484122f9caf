package dev.freehold.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.freehold.benchmark.Order;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OrderTests {

    @Test
    void isAboutFourHundredBytesOfJson() {
        assertThat(Order.of(123_456, 10_000).json().getBytes(StandardCharsets.UTF_8))
                .hasSizeBetween(350, 450);
    }

    @Test
    void growsToASize() {
        assertThat(Order.of(123_456, 10_000).grownTo(20_000).json().getBytes(StandardCharsets.UTF_8))
                .hasSize(20_000);
    }

    @Test
    void tellsItsNumberWhereverTheFieldStands() {
        byte[] last = "{\"note\":\"number\",\"number\":42}".getBytes(StandardCharsets.UTF_8);
        assertThat(Order.numberIn(last)).isEqualTo(42);
        assertThat(Order.numberIn(Order.of(123_456, 10).json().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(123_456);
    }

    @Test
    void refusesAValueWithoutANumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> Order.numberIn("{}".getBytes(StandardCharsets.UTF_8)));
    }
}
