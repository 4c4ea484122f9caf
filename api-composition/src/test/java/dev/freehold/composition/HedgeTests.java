package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** A second call for the same, while the first one takes long. */
@Timeout(120)
class HedgeTests {

    private static final int CALLS_FOR_A_HEDGE = 20;
    private static final Hedges.After SOON = new Hedges.After(Duration.ofMillis(20), 0);

    private interface Step {
        Object answer() throws Exception;
    }

    /** Answers at once, unless it has been told what to do instead. */
    private static final class Answering implements Question.Target {

        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger interrupted = new AtomicInteger();
        final CountDownLatch release = new CountDownLatch(1);
        final Queue<Step> steps = new ConcurrentLinkedQueue<>();
        final Queue<String> seen = new ConcurrentLinkedQueue<>();
        private final Hedges.@Nullable After after;

        Answering(Hedges.@Nullable After after) {
            this.after = after;
        }

        @Override
        public String name() {
            return "customers";
        }

        @Override
        public Hedges.@Nullable After hedgeAfter() {
            return after;
        }

        @Override
        public Object answer(Object arguments, Budget budget) throws Exception {
            calls.incrementAndGet();
            seen.add(MDC.get("trace") + " " + Budget.callDepth());
            Step step = steps.poll();
            return step == null ? "at once" : step.answer();
        }

        String hang() throws InterruptedException {
            try {
                release.await();
                return "late";
            } catch (InterruptedException expected) {
                interrupted.incrementAndGet();
                throw expected;
            }
        }
    }

    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final List<Answering> sources = new ArrayList<>();
    private @Nullable Calls calls;

    @AfterEach
    void close() {
        sources.forEach(source -> source.release.countDown());
        if (calls != null) {
            calls.close();
        }
        MDC.clear();
    }

    private Answering source(Hedges.@Nullable After after) {
        Answering source = new Answering(after);
        sources.add(source);
        return source;
    }

    private Calls calls(int permits, CallPolicies policies) {
        calls = new Calls(256, source -> permits, policies, Clock.systemUTC());
        return calls;
    }

    private Calls callsWith(CircuitBreakerRegistry breakers) {
        return calls(
                8,
                new Resilience4jPolicies(
                        new Resilience4jPolicies.Registries(null, breakers, null, null, null), any -> 0.1));
    }

    private Calls calls() {
        return calls(8, source -> CallPolicy.none());
    }

    private Caller.Ticket begin(Calls by, Answering source) {
        return by.ask(
                new Question(source, "keys", null),
                false,
                CallerContext.capture(),
                Budget.of(Duration.ofSeconds(60)),
                replies::add);
    }

    private @Nullable Reply ask(Calls by, Answering source) throws InterruptedException {
        begin(by, source);
        return replies.poll(60, TimeUnit.SECONDS);
    }

    /** So many that one more may be made. */
    private void earn(Calls by, Answering source) throws InterruptedException {
        for (int i = 1; i < CALLS_FOR_A_HEDGE; i++) {
            assertThat(ask(by, source)).isNotNull();
        }
    }

    @Test
    void answersInPlaceOfTheFirstWhichIsInterrupted() throws InterruptedException {
        Answering source = source(SOON);
        Calls by = calls();
        earn(by, source);
        source.steps.add(source::hang);

        assertThat(ask(by, source)).extracting(Reply::answer).isEqualTo("at once");

        assertThat(source.calls.get()).isEqualTo(CALLS_FOR_A_HEDGE + 1);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(source.interrupted.get()).isEqualTo(1);
            assertThat(by.inFlight()).containsEntry("customers", 0);
        });
    }

    @Test
    void isInterruptedIfTheFirstAnswersBefore() throws InterruptedException {
        Answering source = source(SOON);
        Calls by = calls();
        earn(by, source);
        CountDownLatch second = new CountDownLatch(1);
        source.steps.add(() -> {
            second.await();
            return "first";
        });
        source.steps.add(() -> {
            second.countDown();
            return source.hang();
        });

        assertThat(ask(by, source)).extracting(Reply::answer).isEqualTo("first");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(source.interrupted.get()).isEqualTo(1));
    }

    /** The first answer counts, not the first end. */
    @Test
    void leavesTheFirstTheTimeToAnswerIfItFails() throws InterruptedException {
        Answering source = source(SOON);
        Calls by = calls();
        earn(by, source);
        source.steps.add(() -> {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> source.calls.get() == CALLS_FOR_A_HEDGE + 1
                            && Objects.equals(by.inFlight().get("customers"), 1));
            return replies.poll(200, TimeUnit.MILLISECONDS) == null ? "first" : "too late";
        });
        source.steps.add(() -> {
            throw new IOException("refused");
        });

        assertThat(ask(by, source)).extracting(Reply::answer).isEqualTo("first");
    }

    @Test
    void failsAsTheFirstOneDidIfBothDo() throws InterruptedException {
        Answering source = source(SOON);
        Calls by = calls();
        earn(by, source);
        CountDownLatch both = new CountDownLatch(2);
        source.steps.add(() -> {
            both.countDown();
            both.await();
            throw new IOException("one of them");
        });
        source.steps.add(() -> {
            both.countDown();
            both.await();
            throw new IOException("one of them");
        });

        assertThat(ask(by, source))
                .extracting(Reply::failure)
                .extracting(Failure::cause)
                .isEqualTo(Cause.CONNECTION);
        assertThat(source.calls.get()).isEqualTo(CALLS_FOR_A_HEDGE + 1);
        assertThat(replies).as("one reply").isEmpty();
    }

    @Test
    void isStoppedWithTheFirstIfNobodyWaits() throws InterruptedException {
        Answering source = source(SOON);
        Calls by = calls();
        earn(by, source);
        source.steps.add(source::hang);
        source.steps.add(source::hang);
        Caller.Ticket ticket = begin(by, source);
        await().atMost(Duration.ofSeconds(30)).until(() -> source.calls.get() == CALLS_FOR_A_HEDGE + 1);
        assertThat(by.inFlight()).containsEntry("customers", 2);

        ticket.giveBack();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(source.interrupted.get()).isEqualTo(2);
            assertThat(by.inFlight()).containsEntry("customers", 0);
        });
        assertThat(replies).isEmpty();
    }

    @Test
    void isNotMadeWithoutAPermitForIt() throws InterruptedException {
        Answering source = source(SOON);
        Calls by = calls(1, any -> CallPolicy.none());
        earn(by, source);
        source.steps.add(source::hang);
        begin(by, source);

        Reply reply = replies.poll(200, TimeUnit.MILLISECONDS);

        assertThat(reply).as("a reply, ten times the delay later").isNull();
        assertThat(source.calls.get()).isEqualTo(CALLS_FOR_A_HEDGE);
        source.release.countDown();
        assertThat(replies.poll(60, TimeUnit.SECONDS)).extracting(Reply::answer).isEqualTo("late");
    }

    @Test
    void isNotMadeUnlessDeclared() throws InterruptedException {
        Answering source = source(null);
        Calls by = calls();
        earn(by, source);
        source.steps.add(source::hang);
        begin(by, source);

        assertThat(replies.poll(200, TimeUnit.MILLISECONDS)).isNull();
        assertThat(source.calls.get()).isEqualTo(CALLS_FOR_A_HEDGE);
    }

    /** A search for keys has the name of their source, too. */
    @Test
    void isMadeThoughSomethingElseOfThatNameIsNeverHedged() throws InterruptedException {
        Calls by = calls();
        ask(by, source(null));
        Answering source = source(SOON);
        earn(by, source);
        source.steps.add(source::hang);

        assertThat(ask(by, source)).extracting(Reply::answer).isEqualTo("at once");
    }

    @Test
    void isOneInTwentyAtMost() {
        Hedges hedges = new Hedges(SOON);
        Pace pace = new Pace();
        int taken = 0;
        for (int call = 1; call <= 10_000; call++) {
            assertThat(hedges.delay(pace)).isEqualTo(Duration.ofMillis(20));
            taken += hedges.tryTake() ? 1 : 0;
            assertThat(taken).isLessThanOrEqualTo(call / CALLS_FOR_A_HEDGE);
        }
        assertThat(taken).isBetween(490, 500);
    }

    @Test
    void saveUpForABusyTimeButNotEndlessly() {
        Hedges hedges = new Hedges(SOON);
        for (int call = 0; call < 10_000; call++) {
            hedges.delay(new Pace());
        }
        int taken = 0;
        while (hedges.tryTake()) {
            taken++;
        }
        assertThat(taken).isEqualTo(10);
    }

    @Test
    void waitsAsLongAsMostAnswersTake() {
        Hedges hedges = new Hedges(new Hedges.After(null, 0.95));
        Pace pace = new Pace();
        assertThat(hedges.delay(pace)).as("while nothing is known").isNull();
        for (int i = 1; i <= 96; i++) {
            pace.answered(TimeUnit.MILLISECONDS.toNanos(i));
        }

        assertThat(hedges.delay(pace)).isEqualTo(Duration.ofMillis(92));
    }

    @Test
    void knowsWhatTheFirstOneKnows() throws InterruptedException {
        Answering source = source(SOON);
        Calls by = calls();
        MDC.put("trace", "t1");
        earn(by, source);
        source.steps.add(source::hang);

        ask(by, source);

        assertThat(source.seen).hasSize(CALLS_FOR_A_HEDGE + 1).containsOnly("t1 1");
    }

    @Test
    void isNoFailureForTheBreakerIfItIsTooLate() throws InterruptedException {
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
        CircuitBreaker breaker = breakers.circuitBreaker("customers", CircuitBreakerConfig.ofDefaults());
        Answering source = source(SOON);
        Calls by = callsWith(breakers);
        earn(by, source);
        source.steps.add(source::hang);

        assertThat(ask(by, source)).extracting(Reply::answer).isEqualTo("at once");

        await().atMost(Duration.ofSeconds(30)).until(() -> source.interrupted.get() == 1);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(by.inFlight()).containsEntry("customers", 0));
        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isZero();
        assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(CALLS_FOR_A_HEDGE);
    }

    @Test
    void isNotMadeIfTheBreakerHasOpenedMeanwhile() throws InterruptedException {
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
        CircuitBreaker breaker = breakers.circuitBreaker("customers", CircuitBreakerConfig.ofDefaults());
        Answering source = source(SOON);
        Calls by = callsWith(breakers);
        earn(by, source);
        source.steps.add(() -> {
            breaker.transitionToOpenState();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> breaker.getMetrics().getNumberOfNotPermittedCalls() == 1);
            return "first";
        });

        assertThat(ask(by, source)).extracting(Reply::answer).isEqualTo("first");
        assertThat(source.calls.get()).isEqualTo(CALLS_FOR_A_HEDGE);
    }
}
