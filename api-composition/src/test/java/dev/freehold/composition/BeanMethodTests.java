package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a method's future is waited for. */
@Timeout(120)
class BeanMethodTests {

    private final CompletableFuture<String> later = new CompletableFuture<>();

    CompletableFuture<String> answer() {
        return later;
    }

    private Object call(Budget budget) throws Exception {
        BeanMethod method = new BeanMethod(this, BeanMethodTests.class.getDeclaredMethod("answer"));
        Object answer = method.call(new Object[0], budget, 1);
        assertThat(answer).isNotNull();
        return answer == null ? "" : answer;
    }

    @Test
    void isNoLongerThanTheBudgetWhichIsStoppedThen() {
        Budget budget = Budget.of(Duration.ofMillis(10));
        AtomicInteger stopped = new AtomicInteger();
        budget.onStop(stopped::incrementAndGet);

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> call(budget));

        assertThat(later).isCancelled();
        assertThat(stopped).hasValue(1);
    }

    /** As when another page joins that has more time. */
    @Test
    void isAsLongAsTheBudgetThatWasExtendedMeanwhile() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        Budget withoutEnd = new Budget(
                () -> {
                    if (looks.incrementAndGet() == 9) {
                        later.complete("answer");
                    }
                    return 0;
                },
                1);

        assertThat(call(withoutEnd)).isEqualTo("answer");
    }
}
