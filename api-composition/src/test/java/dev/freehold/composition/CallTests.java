package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call in the lines for permits. */
class CallTests {

    private final Permits ofSource = new Permits(1);
    private final Permits ofProcess = new Permits(1);
    private final Pace pace = new Pace();
    private final Workers workers = new Workers();
    private final List<Reply> replies = new ArrayList<>();
    private final Budget budget = Budget.of(Duration.ofMinutes(1));

    @AfterEach
    void close() {
        workers.close();
    }

    /** One that is carried out on the thread which lets it. */
    private Call call() {
        Question.Target target = new Question.Target() {
            @Override
            public String name() {
                return "customers";
            }

            @Override
            public @Nullable Object answer(Object arguments, Budget limit) {
                return "answer";
            }
        };
        Call call = new Call(
                new Question(target, "keys", "everybody"),
                CallerContext.capture(),
                budget,
                new Lane(
                        ofSource,
                        ofProcess,
                        Runnable::run,
                        workers,
                        CallPolicy.none(),
                        pace,
                        new Hedges(null),
                        Clock.systemUTC()),
                ended -> {});
        call.join(replies::add, budget.deadline());
        return call;
    }

    @Test
    void standsInLine() {
        ofSource.tryAcquire();
        call().start();
        assertThat(replies).isEmpty();

        ofSource.release();
        assertThat(replies).hasSize(1);
        assertThat(ofSource.taken() + ofProcess.taken()).isZero();
    }

    @Test
    void leavesTheLineForItsSourceIfItIsHurried() {
        ofSource.tryAcquire();
        Call call = call();
        call.start();

        call.hurry();

        assertThat(replies).hasSize(1);
        assertThat(ofSource.taken()).isEqualTo(1);
    }

    @Test
    void formsNoLineIfItIsHurriedBefore() {
        ofSource.tryAcquire();
        Call call = call();

        call.hurry();
        call.start();

        assertThat(replies).hasSize(1);
        assertThat(ofSource.taken()).isEqualTo(1);
        assertThat(ofProcess.taken()).isZero();
    }

    @Test
    void leavesTheLineForTheProcessIfItIsHurried() {
        ofProcess.tryAcquire();
        Call call = call();
        call.start();
        assertThat(replies).isEmpty();

        call.hurry();

        assertThat(replies).hasSize(1);
        assertThat(ofSource.taken()).isZero();
        assertThat(ofProcess.taken()).isEqualTo(1);
    }

    @Test
    void isNotMadeIfItCannotBeAnsweredInTheTimeThatIsLeft() {
        for (int i = 0; i < 8; i++) {
            pace.answered(Duration.ofMinutes(2).toNanos());
        }
        ofSource.tryAcquire();
        call().start();
        call().start();
        assertThat(replies).isEmpty();

        ofSource.release();

        assertThat(replies)
                .hasSize(2)
                .allSatisfy(reply -> assertThat(reply.failure()).satisfies(failure -> {
                    assertThat(failure.cause()).isEqualTo(Cause.NO_PERMIT);
                    assertThat(failure.describe()).contains("were left, and half of its answers take longer");
                }));
        assertThat(ofSource.taken() + ofProcess.taken()).isZero();
    }

    @Test
    void isNotMadeIfItHasWaitedTooLongForThePermitOfTheProcess() {
        for (int i = 0; i < 8; i++) {
            pace.answered(Duration.ofMinutes(2).toNanos());
        }
        ofProcess.tryAcquire();
        call().start();
        assertThat(ofSource.taken()).isEqualTo(1);

        ofProcess.release();

        assertThat(replies)
                .extracting(reply -> Objects.requireNonNull(reply.failure()).cause())
                .containsExactly(Cause.NO_PERMIT);
        assertThat(ofSource.taken() + ofProcess.taken()).isZero();
    }

    @Test
    void isMadeHoweverLittleTimeIsLeftIfItNeedNotWait() {
        for (int i = 0; i < 8; i++) {
            pace.answered(Duration.ofMinutes(2).toNanos());
        }

        call().start();

        assertThat(replies).extracting(Reply::answer).containsExactly("answer");
    }
}
