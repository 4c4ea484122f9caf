package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sources that are interrupted, and what they make of it. */
@Timeout(60)
class InterruptTests {

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "200ms")
    record QuickRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    static class Orders {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, 7));
        }
    }

    @AfterEach
    void leaveNoneBehind() {
        Thread.interrupted();
    }

    /** The thread of the page is its own affair: it is neither a failure of the source, nor to be kept from who interrupted. */
    @Test
    void endThePageIfTheyAreOnItsThread() {
        class Inline {
            @Source(name = "customers", id = "id", inline = true)
            List<Customer> customers(Set<Long> ids) throws InterruptedException {
                Thread.currentThread().interrupt();
                new CountDownLatch(1).await();
                return List.of();
            }
        }
        try (Compositions compositions = Compositions.builder()
                .sources(new Orders(), new Inline())
                .views(Row.class)
                .build()) {
            View<Row, Void> view = compositions.view(Row.class);
            List<Order> orders = List.of(new Order(1, 7));

            assertThatExceptionOfType(CompositionException.class)
                    .isThrownBy(() -> view.compose(orders))
                    .withMessage("Row: interrupted while it waited for sources")
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
    }

    @Test
    void areNoneForASourceThatIsNotInterruptible() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        class Uninterruptible {
            @Source(name = "customers", id = "id", uninterruptible = true)
            List<Customer> customers(Set<Long> ids, Budget budget) {
                budget.onStop(stopped::countDown);
                try {
                    release.await();
                } catch (InterruptedException heard) {
                    interrupted.set(true);
                } finally {
                    returned.countDown();
                }
                return List.of();
            }
        }
        try (Compositions compositions = Compositions.builder()
                .sources(new Orders(), new Uninterruptible())
                .views(QuickRow.class)
                .build()) {
            Page<QuickRow> page = compositions.view(QuickRow.class).compose(List.of(new Order(1, 7)));

            assertThat(page.missing()).extracting(Page.Missing::cause).containsExactly(Cause.TIMEOUT);
            assertThat(stopped.await(30, TimeUnit.SECONDS))
                    .as("is told otherwise")
                    .isTrue();
            assertThat(compositions.callsInFlight())
                    .as("counts until it returns")
                    .containsEntry("customers", 1);
            release.countDown();
            assertThat(returned.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(interrupted).isFalse();
    }

    @Test
    void areNoneAtTheEndOfATimeLimitEither() {
        AtomicBoolean interrupted = new AtomicBoolean();
        class Uninterruptible {
            @Source(name = "customers", id = "id", uninterruptible = true)
            List<Customer> customers(Set<Long> ids, Budget budget) throws InterruptedException {
                CountDownLatch over = new CountDownLatch(1);
                budget.onStop(over::countDown);
                try {
                    over.await();
                    interrupted.set(Thread.currentThread().isInterrupted());
                } catch (InterruptedException heard) {
                    interrupted.set(true);
                }
                return List.of(new Customer(7));
            }
        }

        assertThat(limited(new Uninterruptible()))
                .isInstanceOfSatisfying(
                        Part.Unavailable.class, part -> assertThat(part.cause()).isEqualTo(Cause.TIMEOUT));
        assertThat(interrupted).isFalse();
    }

    private static Part<Customer> limited(Object source) {
        TimeLimiterRegistry timeLimiters = TimeLimiterRegistry.ofDefaults();
        timeLimiters.timeLimiter(
                "customers",
                TimeLimiterConfig.custom()
                        .timeoutDuration(Duration.ofMillis(100))
                        .build());
        try (Compositions compositions = Compositions.builder()
                .sources(new Orders(), source)
                .views(Row.class)
                .policies(new Resilience4jPolicies(
                        new Resilience4jPolicies.Registries(null, null, null, null, timeLimiters), any -> 0))
                .build()) {
            return compositions
                    .view(Row.class)
                    .page(null, Keyset.start(), 10)
                    .rows()
                    .get(0)
                    .customer();
        }
    }

    private static final Part<Customer> TOO_LATE = new Part.Unavailable<>("customers", Cause.TIMEOUT, null);

    @Test
    void areTooLateThoughTheyThrowSomethingElse() {
        class Wrapping {
            @Source(name = "customers", id = "id")
            List<Customer> customers(Set<Long> ids) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException("the client's own");
                }
                return List.of();
            }
        }
        assertThat(limited(new Wrapping())).isEqualTo(TOO_LATE);
    }

    @Test
    void areTooLateThoughTheyAnswerThatThereIsNothing() {
        class Hiding {
            @Source(name = "customers", id = "id")
            List<Customer> customers(Set<Long> ids) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException hidden) {
                    return List.of();
                }
                return List.of();
            }
        }
        assertThat(limited(new Hiding())).isEqualTo(TOO_LATE);
    }
}
