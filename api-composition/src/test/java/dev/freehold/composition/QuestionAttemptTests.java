package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attempts with a time limit of their own. */
@Timeout(60)
class QuestionAttemptTests {

    private final Workers workers = new Workers();

    @AfterEach
    void close() {
        workers.close();
    }

    private interface Answer {
        @Nullable
        Object answer(Budget budget) throws Exception;
    }

    private QuestionAttempt attempt(Budget budget, Answer answer) {
        Question.Target target = new Question.Target() {
            @Override
            public String name() {
                return "customers";
            }

            @Override
            public @Nullable Object answer(Object arguments, Budget limit) throws Exception {
                return answer.answer(limit);
            }
        };
        return new QuestionAttempt(new Question(target, "keys", null), budget, workers, new Pace());
    }

    @Test
    void endWithTheirLimitThoughTheBudgetIsExtendedMeanwhile() {
        Budget budget = Budget.of(Duration.ofMillis(200));

        QuestionAttempt attempt = attempt(budget, limit -> {
            budget.extend(budget.deadline() + Duration.ofMinutes(5).toNanos()); // somebody joins who has more time
            new CountDownLatch(1).await();
            return null;
        });

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> attempt.run(Duration.ofMillis(400)));
        assertThat(budget.isOver()).isFalse();
    }

    @Test
    void haveNoMoreTimeThanTheBudget() throws Exception {
        Budget budget = Budget.of(Duration.ofMillis(500));

        Object remaining = attempt(budget, Budget::remaining).run(Duration.ofSeconds(30));

        assertThat((Duration) remaining).isLessThanOrEqualTo(Duration.ofMillis(500));
    }

    @Test
    void leaveNoInterruptBehind() throws Exception {
        QuestionAttempt attempt = attempt(Budget.of(Duration.ofSeconds(30)), limit -> {
            new CountDownLatch(1).await();
            return null;
        });

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> attempt.run(Duration.ofMillis(10)));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
