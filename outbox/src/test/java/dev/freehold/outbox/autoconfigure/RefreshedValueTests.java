package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whoever watches is told what is known, and kept from nothing while the database is away. */
class RefreshedValueTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void tellsWhatItAskedForAndAsksSeldom() {
        AtomicInteger asked = new AtomicInteger();
        RefreshedValue<Integer> value = new RefreshedValue<>("test", asked::incrementAndGet);
        await().atMost(LIMIT).until(() -> value.get() != null);
        assertThat(value.get()).isEqualTo(1);
        assertThat(asked).hasValue(1);
    }

    @Test
    void keepsNobodyWaitingWhileItIsNotTold() {
        CountDownLatch back = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        RefreshedValue<Integer> value = new RefreshedValue<>("test", () -> {
            asked.incrementAndGet();
            awaitUninterruptibly(back);
            return 7;
        });
        for (int n = 0; n < 100; n++) {
            assertThat(value.get()).isNull();
        }
        assertThat(asked).as("one question at a time").hasValue(1);
        back.countDown();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(value.get()).isEqualTo(7));
    }

    @Test
    void tellsNothingAfterAFailure() {
        AtomicInteger asked = new AtomicInteger();
        RefreshedValue<Integer> value = new RefreshedValue<>("test", () -> {
            asked.incrementAndGet();
            throw new IllegalStateException("away");
        });
        assertThat(value.get()).isNull();
        await().atMost(LIMIT).until(() -> asked.get() == 1);
        assertThat(value.get()).isNull();
        assertThat(asked).hasValue(1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
