package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
        Question.Target target = target();
        Call call = new Call(
                new Question(target, "keys", "everybody"),
                CallerContext.capture(),
                budget,
                lane(Runnable::run),
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
    void keepsNoPermitIfItIsGivenUpWhileItBegins() {
        Question.Target target = target();
        AtomicReference<@Nullable Runnable> givesUp = new AtomicReference<>();
        Executor first = work -> Objects.requireNonNull(givesUp.get()).run();
        Call call = new Call(
                new Question(target, "keys", "everybody"), CallerContext.capture(), budget, lane(first), ended -> {});
        Consumer<Reply> waiter = replies::add;
        call.join(waiter, budget.deadline());
        givesUp.set(() -> {
            call.leave(waiter);
            throw new OutOfMemoryError("unable to create native thread");
        });

        call.start();

        assertThat(ofSource.taken() + ofProcess.taken()).isZero();
        assertThat(replies).isEmpty();
    }

    @Test
    void givesItsPermitsBackIfItIsGivenUpBeforeAWorkerHasIt() {
        Asking asking = new Asking(
                new Question(target(), "keys", "everybody"),
                CallerContext.capture(),
                budget,
                lane(Runnable::run),
                replies::add);
        AtomicInteger released = new AtomicInteger();

        asking.stop();
        asking.begin(released::incrementAndGet);

        assertThat(released.get()).isEqualTo(1);
        assertThat(replies).isEmpty();
    }

    @Test
    void isMadeIfSomebodyWithTimeJoinsItWhileItIsRefused() {
        for (int i = 0; i < 8; i++) {
            pace.answered(Duration.ofMinutes(2).toNanos());
        }
        ofSource.tryAcquire();
        Call first = call();
        Call second = call();
        first.join(
                reply -> second.join(
                        replies::add, System.nanoTime() + Duration.ofMinutes(5).toNanos()),
                0);
        first.start();
        second.start();

        ofSource.release(); // both are taken out of the line; the first one's end has the second one joined

        assertThat(replies).extracting(Reply::answer).containsExactly(null, "answer", "answer");
        assertThat(ofSource.taken() + ofProcess.taken()).isZero();
    }

    @Test
    void failsIfThereIsNoThreadForIt() {
        Call call = new Call(
                new Question(target(), "keys", "everybody"),
                CallerContext.capture(),
                budget,
                lane(work -> {
                    throw new OutOfMemoryError("unable to create native thread");
                }),
                ended -> {});
        call.join(replies::add, budget.deadline());

        call.start();

        assertThat(ofSource.taken() + ofProcess.taken()).isZero();
        assertThat(replies).extracting(Reply::failure).doesNotContainNull();
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

    private Lane lane(Executor executor) {
        return new Lane(
                0,
                ofSource,
                ofProcess,
                executor,
                workers,
                CallPolicy.none(),
                pace,
                new Hedges(null),
                Clock.systemUTC());
    }

    private static Question.Target target() {
        return new Question.Target() {
            @Override
            public String name() {
                return "customers";
            }

            @Override
            public @Nullable Object answer(Object arguments, Budget limit) {
                return "answer";
            }
        };
    }
}
