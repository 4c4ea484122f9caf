package dev.freehold.composition.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTests {

    private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(3));
    private final RetryBudget budget = new RetryBudget(0.1, now::get);

    private int retriesOf(int calls) {
        int retries = 0;
        for (int i = 0; i < calls; i++) {
            budget.called();
            retries += budget.tryRetry() ? 1 : 0;
        }
        return retries;
    }

    @Test
    void letsAShareOfTheCallsBeRetries() {
        assertThat(retriesOf(1_000)).isEqualTo(100);
    }

    @Test
    void letsOneBeARetryInAnyCase() {
        assertThat(retriesOf(3)).isEqualTo(1);
    }

    @Test
    void forgetsWhatIsTenSecondsOld() {
        assertThat(retriesOf(3)).isEqualTo(1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(9));
        assertThat(retriesOf(3)).isZero();
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(retriesOf(3)).isEqualTo(1);
    }

    @Test
    void beginsAfreshAfterALongTime() {
        retriesOf(1_000);
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(retriesOf(5)).isEqualTo(1);
    }

    @Test
    void worksWithClocksBelowZero() {
        now.set(-TimeUnit.SECONDS.toNanos(12_345));
        RetryBudget early = new RetryBudget(0.1, now::get);
        early.called();
        assertThat(early.tryRetry()).isTrue();
        assertThat(early.tryRetry()).isFalse();
        now.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(early.tryRetry()).isTrue();
    }
}
