package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.inbox.Published.Booked;
import dev.freehold.inbox.Published.Cancelled;
import dev.freehold.outbox.ConsistencyToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who shows a token is told whether listeners have handled its events. */
abstract class ConsistentReadsContract {

    static final Duration LONG = Duration.ofMinutes(2);
    static final Duration SHORT = Duration.ofMillis(20);

    final Bookings bookings = new Bookings();
    private Inbox inbox;
    private List<InboxConsumer> consumers = List.of();

    /** One with groups "bookings" and "mails", which tries a message twice. */
    abstract Inbox newInbox();

    @BeforeEach
    void build() {
        inbox = newInbox();
        consumers = inbox.consumers("", List.of(bookings));
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    Inbox inbox() {
        return inbox;
    }

    void handle(Published published) {
        consumers.forEach(consumer -> consumer.handle(published.messages()));
    }

    InboxConsumer consumer(String group) {
        return consumers.stream()
                .filter(consumer -> consumer.group().equals(group))
                .findFirst()
                .orElseThrow();
    }

    boolean isHandled(Published published, String... groups) {
        return inbox.await(published.token(), Duration.ZERO, groups);
    }

    static <T> CompletableFuture<T> onAThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task).start());
    }

    static <T> T get(CompletableFuture<T> outcome) throws Exception {
        return outcome.get(LONG.toSeconds() / 2, TimeUnit.SECONDS);
    }

    @Test
    void areConsistentOnceAllGroupsHaveHandledAllEvents() {
        Published one = Published.of(new Booked("a", "1"), new Booked("b", "2"));
        assertThat(isHandled(one)).isFalse();

        consumer("bookings").handle(one.messages().subList(0, 1));
        assertThat(isHandled(one, "bookings")).isFalse();
        consumer("bookings").handle(one.messages());
        assertThat(isHandled(one)).isFalse();
        assertThat(isHandled(one, "bookings")).isTrue();
        assertThat(isHandled(one, "bookings", "mails")).isFalse();

        handle(one);
        assertThat(isHandled(one)).isTrue();
        assertThat(isHandled(one, "mails", "bookings")).isTrue();
    }

    @Test
    void waitUntilTheEventsAreHandled() throws Exception {
        Published one = Published.booked("a", "1");
        CompletableFuture<Boolean> reader = onAThread(() -> inbox.await(one.token(), LONG));
        handle(one);
        assertThat(get(reader)).isTrue();
    }

    @Test
    void waitNoLongerThanTheyAreTold() {
        Published one = Published.booked("a", "1");
        long begun = System.nanoTime();
        assertThat(inbox.await(one.token(), SHORT)).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(SHORT, LONG);
    }

    @Test
    void areNotConsistentWhileTheHandlerRunsOrWhenItHasRolledBack() throws Exception {
        Semaphore running = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        List<String> attempts = new ArrayList<>();
        bookings.work = text -> {
            attempts.add(text);
            running.release();
            go.acquireUninterruptibly();
            if (attempts.size() == 1) {
                throw new IllegalStateException("not yet");
            }
        };
        Published one = Published.booked("a", "1");
        CompletableFuture<Void> handling = onAThread(() -> {
            consumer("bookings").handle(one.messages());
            return null;
        });
        running.acquire();
        assertThat(isHandled(one, "bookings")).isFalse();
        CompletableFuture<Boolean> reader = onAThread(() -> inbox.await(one.token(), LONG, "bookings"));
        go.release();
        running.acquire();
        assertThat(isHandled(one, "bookings"))
                .as("the first attempt was rolled back")
                .isFalse();
        assertThat(reader).isNotDone();
        go.release();
        get(handling);
        assertThat(get(reader)).isTrue();
        assertThat(attempts).hasSize(2);
    }

    @Test
    void learnAtOnceThatAnEventIsParkedAndAreConsistentOnceItIsReplayed() throws Exception {
        bookings.work = text -> {
            throw new IllegalStateException("no such account");
        };
        Published failing = Published.booked("a", "1");
        CompletableFuture<Boolean> reader = onAThread(() -> inbox.await(failing.token(), LONG, "bookings"));
        consumer("bookings").handle(failing.messages());
        assertThat(get(reader)).isFalse();

        Published behind = Published.booked("a", "2");
        consumer("bookings").handle(behind.messages());
        assertThat(get(onAThread(() -> inbox.await(behind.token(), LONG, "bookings"))))
                .isFalse();

        bookings.work = text -> {};
        consumer("bookings").replay("a");
        assertThat(isHandled(failing, "bookings")).isTrue();
        assertThat(isHandled(behind, "bookings")).isTrue();
    }

    /** It is put behind the parked one, though its effects are there. */
    @Test
    void areConsistentWithAnEventThatWasHandledAndComesAgainWhenItsKeyIsParked() {
        Published handled = Published.booked("a", "1");
        consumer("bookings").handle(handled.messages());
        bookings.work = text -> {
            throw new IllegalStateException("no such account");
        };
        consumer("bookings").handle(Published.booked("a", "2").messages());
        consumer("bookings").handle(handled.messages());
        assertThat(consumer("bookings").parked(10)).hasSize(2);

        assertThat(isHandled(handled, "bookings")).isTrue();
    }

    @Test
    void waitForNothingThatNobodyListensTo() {
        Published elsewhere = Published.of(new Cancelled("a"));
        assertThat(isHandled(elsewhere)).isFalse();
        assertThat(isHandled(elsewhere, "mails")).isTrue();
        assertThat(inbox.await(ConsistencyToken.parse(""), Duration.ZERO)).isTrue();
        assertThat(inbox.await(Published.of(new Unheard("a")).token(), Duration.ZERO))
                .isTrue();
    }

    @dev.freehold.outbox.OutboxEvent(type = "orders.booked", topic = "other-orders")
    record Unheard(@dev.freehold.outbox.EventKey String order) {}

    @Test
    void areNeverConsistentWithAnOverflowingToken() {
        Object[] many =
                IntStream.range(0, 65).mapToObj(n -> new Booked("key" + n, "1")).toArray();
        Published overflowing = Published.of(many);
        handle(overflowing);
        assertThat(overflowing.token().isOverflowing()).isTrue();
        assertThat(isHandled(overflowing)).isFalse();
        assertThat(isHandled(overflowing, "mails")).isFalse();

        Published most = Published.of(List.of(many).subList(0, 64).toArray());
        handle(most);
        assertThat(isHandled(most)).isTrue();
    }

    @Test
    void areAlwaysConsistentWhereNobodyListens() {
        try (Inbox nobody = newInbox()) {
            assertThat(nobody.await(Published.booked("a", "1").token(), Duration.ZERO))
                    .isTrue();
            assertThat(nobody.await(ConsistencyToken.parse("e1.*"), Duration.ZERO))
                    .isTrue();
        }
    }

    @Test
    void refuseAGroupThatThereIsNot() {
        assertThatThrownBy(() -> isHandled(Published.booked("a", "1"), "bookings", "booking"))
                .isInstanceOf(InboxException.class)
                .hasMessage(
                        "Nobody in this service listens in a group 'booking'. Groups are [bookings, mails]; name none to"
                                + " await them all.");
    }

    @Test
    void refuseANegativeTime() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inbox.await(Published.booked("a", "1").token(), Duration.ofSeconds(-1)))
                .withMessage("atMost must be 0 or longer, was PT-1S");
    }

    @Test
    void refuseToWaitInAListener() {
        Published other = Published.booked("b", "2");
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        bookings.work = text -> {
            try {
                inbox.await(other.token(), LONG);
            } catch (InboxException e) {
                refusal.set(e);
            }
        };
        consumer("bookings").handle(Published.booked("a", "1").messages());
        assertThat(refusal.get())
                .hasMessageContainingAll("within the transaction of thread", "before the transaction begins");
    }

    @Test
    void endWhenTheThreadIsInterrupted() throws Exception {
        Published one = Published.booked("a", "1");
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CompletableFuture<String> reader = CompletableFuture.supplyAsync(
                () -> {
                    boolean handled = inbox.await(one.token(), LONG);
                    return handled + " " + Thread.currentThread().isInterrupted();
                },
                task -> {
                    waiting.set(new Thread(task));
                    waiting.get().start();
                });
        waiting.get().interrupt();
        assertThat(get(reader)).isEqualTo("false true");

        handle(one);
        assertThat(isHandled(one)).isTrue();
    }

    /** Listeners of two groups. */
    static final class Bookings {

        volatile Consumer<String> work = text -> {};

        @InboxListener(topic = "orders", group = "bookings")
        void on(Booked event) {
            work.accept(event.text());
        }

        @InboxListener(topic = "orders", group = "bookings")
        void on(Cancelled event) {}

        @InboxListener(topic = "orders", group = "mails")
        void mail(Booked event) {}
    }
}
