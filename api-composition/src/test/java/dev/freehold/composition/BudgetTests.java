package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a source asks for in case that nobody waits any more. */
@Timeout(60)
class BudgetTests {

    private final Budget budget = Budget.of(Duration.ofMinutes(1));
    private final List<String> done = new ArrayList<>();

    @Test
    void runsAnActionOnceWhenItIsStopped() {
        budget.onStop(() -> done.add("closed"));
        assertThat(done).isEmpty();

        budget.stop();
        budget.stop();

        assertThat(done).containsExactly("closed");
        assertThat(budget.isOver()).isTrue();
    }

    @Test
    void runsAnActionAtOnceIfItHasBeenStopped() {
        budget.stop();

        budget.onStop(() -> done.add("closed"));

        assertThat(done).containsExactly("closed");
    }

    @Test
    void runsTheOtherActionsIfOneThrows() {
        budget.onStop(() -> done.add("first"));
        budget.onStop(() -> {
            throw new IllegalStateException("closed already");
        });
        budget.onStop(() -> {
            throw new NoClassDefFoundError("a class of the client");
        });
        budget.onStop(() -> done.add("last"));

        assertThatCode(budget::stop).doesNotThrowAnyException();

        assertThat(done).containsExactly("first", "last");
    }

    @Test
    void stopsItsParts() {
        Budget part = budget.shorter(Duration.ofSeconds(30));
        part.onStop(() -> done.add("part"));

        budget.stop();

        assertThat(done).containsExactly("part");
        assertThat(part.isOver()).isTrue();
    }

    @Test
    void goesOnWhenAPartIsStopped() {
        budget.onStop(() -> done.add("all"));

        budget.part().stop();

        assertThat(done).isEmpty();
        assertThat(budget.isOver()).isFalse();
    }

    @Nested
    class OfACall {

        private final AtomicInteger stops = new AtomicInteger();
        private final CountDownLatch release = new CountDownLatch(1);
        private final CountDownLatch asked = new CountDownLatch(1);
        private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();

        private Caller.Ticket ask(Calls calls) {
            Question.Target target = new Question.Target() {
                @Override
                public String name() {
                    return "customers";
                }

                @Override
                public @Nullable Object answer(Object arguments, Budget limit) throws InterruptedException {
                    limit.onStop(stops::incrementAndGet);
                    asked.countDown();
                    release.await();
                    return "answer";
                }
            };
            return calls.ask(new Question(target, "keys", null), false, CallerContext.capture(), budget, replies::add);
        }

        private Calls calls() {
            return new Calls(8, source -> 8, source -> CallPolicy.none(), Clock.systemUTC());
        }

        @Test
        void runsNoActionIfTheCallEndsByItself() throws InterruptedException {
            try (Calls calls = calls()) {
                Caller.Ticket ticket = ask(calls);
                release.countDown();

                assertThat(replies.poll(30, TimeUnit.SECONDS))
                        .extracting(Reply::answer)
                        .isEqualTo("answer");
                ticket.giveBack();

                assertThat(stops.get()).isZero();
            }
        }

        @Test
        void runsAnActionOnceIfTheCallIsGivenUp() throws InterruptedException {
            try (Calls calls = calls()) {
                Caller.Ticket ticket = ask(calls);
                assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

                ticket.giveBack();
                ticket.giveBack();

                assertThat(stops.get()).isEqualTo(1);
                assertThat(budget.isOver()).as("that of the page").isFalse();
            }
        }
    }
}
