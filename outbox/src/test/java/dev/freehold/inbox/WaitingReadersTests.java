package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

/** However many readers wait, the database gets one question at a time, and nobody is forgotten. */
class WaitingReadersTests {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String CONSUMER = "bookings";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountingStore store = new CountingStore();
    private final WaitingReaders readers = new WaitingReaders(store);

    /** They ask by themselves when nobody would wait for it. */
    private final WaitingReaders patient = new WaitingReaders(store, HOUR, HOUR);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    /** What the database knows, and how it is asked. */
    private static final class CountingStore extends ForwardingInboxStore {

        final Map<Awaited, Awaited.Fate> known = new ConcurrentHashMap<>();
        final AtomicInteger looks = new AtomicInteger();
        final AtomicInteger atOnce = new AtomicInteger();
        final AtomicInteger mostAtOnce = new AtomicInteger();
        final AtomicInteger mostAskedFor = new AtomicInteger();
        volatile Consumer<Integer> beforeAnswer = number -> {};

        CountingStore() {
            super(new InMemoryInboxStore());
        }

        @Override
        public Map<Awaited, Awaited.Fate> look(List<Awaited> awaited) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            mostAskedFor.accumulateAndGet(awaited.size(), Math::max);
            try {
                Map<Awaited, Awaited.Fate> found = new HashMap<>(known);
                beforeAnswer.accept(looks.incrementAndGet());
                found.keySet().retainAll(Set.copyOf(awaited));
                return found;
            } finally {
                atOnce.decrementAndGet();
            }
        }
    }

    private static Awaited one() {
        return new Awaited(CONSUMER, UUID.randomUUID());
    }

    private CompletableFuture<Boolean> reader(Awaited... awaited) {
        return reader(readers, awaited);
    }

    private CompletableFuture<Boolean> reader(WaitingReaders among, Awaited... awaited) {
        return CompletableFuture.supplyAsync(() -> among.await(Set.of(awaited), LONG), threads);
    }

    private static boolean get(CompletableFuture<Boolean> reader) throws Exception {
        return reader.get(LONG.toSeconds() / 2, TimeUnit.SECONDS);
    }

    private void handled(Awaited awaited) {
        store.known.put(awaited, Awaited.Fate.HANDLED);
    }

    /** Whose handling is told of to those that wait. */
    private void settledHere(Awaited awaited) {
        handled(awaited);
        readers.settled(CONSUMER, List.of(message(awaited.id())));
    }

    private static InboxMessage message(UUID id) {
        return new InboxMessage(
                new EventContext(
                        id, "orders.booked", 1, "/orders", "a", java.time.Instant.EPOCH, "orders", 0, 0, Map.of()),
                null);
    }

    @Test
    void askOneQuestionAtATimeForAllOfThem() throws Exception {
        List<Awaited> awaited = IntStream.range(0, 100).mapToObj(n -> one()).toList();
        long begun = System.nanoTime();
        List<CompletableFuture<Boolean>> waiting =
                awaited.stream().map(this::reader).toList();
        await().atMost(LONG).until(() -> store.mostAskedFor.get() == 100);
        int before = store.looks.get();
        int more = before + 10;
        await().atMost(LONG).until(() -> store.looks.get() >= more);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        Duration meanwhile = Duration.ofNanos(System.nanoTime() - begun);

        awaited.forEach(this::handled);
        for (CompletableFuture<Boolean> reader : waiting) {
            assertThat(get(reader)).isTrue();
        }
        assertThat(store.mostAtOnce).hasValue(1);
        assertThat(before + 10L)
                .as("looks in %s: one for each that comes, and one after each pause of 5 ms or longer", meanwhile)
                .isLessThanOrEqualTo(100 + 1 + meanwhile.toMillis() / 5);
    }

    @Test
    void areEachToldOfTheirOwn() throws Exception {
        List<Awaited> awaited = IntStream.range(0, 50).mapToObj(n -> one()).toList();
        List<CompletableFuture<Boolean>> waiting =
                awaited.stream().map(this::reader).toList();
        CompletableFuture<Boolean> ofAll = reader(awaited.toArray(Awaited[]::new));
        for (int n = 0; n < 50; n++) {
            boolean parked = n % 5 == 4 && n > 40;
            store.known.put(awaited.get(n), parked ? Awaited.Fate.PARKED : Awaited.Fate.HANDLED);
            assertThat(get(waiting.get(n))).isEqualTo(!parked);
        }
        assertThat(get(ofAll)).isFalse();
    }

    @Test
    void askAtOnceWhenAnotherComes() throws Exception {
        Awaited first = one();
        CompletableFuture<Boolean> leading = reader(patient, first);
        await().atMost(LONG).until(() -> store.looks.get() == 1);
        handled(first);
        Awaited second = one();
        handled(second);

        assertThat(get(reader(patient, second))).isTrue();
        assertThat(get(leading)).as("the same answer tells it").isTrue();
        assertThat(store.looks).hasValue(2);
    }

    @Test
    void askAgainWhenAnotherHasComeMeanwhile() throws Exception {
        Awaited second = one();
        Semaphore asked = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        store.beforeAnswer = number -> {
            asked.release();
            go.acquireUninterruptibly();
        };
        CompletableFuture<Boolean> leading = reader(patient, one());
        asked.acquire();
        handled(second);
        CompletableFuture<Boolean> joining = reader(patient, second);
        await().atMost(LONG).until(() -> patient.waiting() == 2);
        go.release(); // the answer to the question of before it came
        asked.acquire();
        assertThat(joining).isNotDone();
        go.release();
        assertThat(get(joining)).isTrue();
        assertThat(leading).isNotDone();
    }

    @Test
    void askAtOnceWhenAConsumerOfThisProcessHasSettledWhatTheyWaitFor() throws Exception {
        Awaited first = one();
        Awaited second = one();
        CompletableFuture<Boolean> leading = reader(patient, first);
        CompletableFuture<Boolean> joining = reader(patient, second);
        await().atMost(LONG).until(() -> patient.waiting() == 2 && store.looks.get() == 2);

        handled(second);
        patient.settled(CONSUMER, List.of(message(second.id())));
        assertThat(get(joining)).isTrue();
        handled(first);
        patient.settled(CONSUMER, List.of(message(UUID.randomUUID()), message(first.id())));
        assertThat(get(leading)).isTrue();
        assertThat(store.looks).hasValue(4);
    }

    @Test
    void areNotDisturbedByWhatTheyDoNotWaitFor() throws Exception {
        Awaited awaited = one();
        CompletableFuture<Boolean> reader = reader(awaited);
        await().atMost(LONG).until(() -> store.looks.get() > 5);
        long begun = System.nanoTime();
        int before = store.looks.get();
        for (int n = 0; n < 10_000; n++) {
            readers.settled(CONSUMER, List.of(message(UUID.randomUUID())));
            readers.settled("mails", List.of(message(awaited.id())));
        }
        assertThat((long) store.looks.get() - before)
                .isLessThanOrEqualTo(
                        2 + Duration.ofNanos(System.nanoTime() - begun).toMillis() / 5);
        handled(awaited);
        assertThat(get(reader)).isTrue();
    }

    /** What a consumer has done may be part of a transaction that is yet to commit. */
    @Test
    void believeTheDatabaseOnly() throws Exception {
        Awaited awaited = one();
        CompletableFuture<Boolean> reader = reader(awaited);
        for (int n = 0; n < 10; n++) {
            int before = store.looks.get();
            readers.settled(CONSUMER, List.of(message(awaited.id())));
            await().atMost(LONG).until(() -> store.looks.get() > before);
            assertThat(reader).isNotDone();
        }
        handled(awaited);
        assertThat(get(reader)).isTrue();
    }

    @Test
    void lookOnceBeyondTheMost() throws Exception {
        List<Awaited> awaited =
                IntStream.range(0, WaitingReaders.MOST).mapToObj(n -> one()).toList();
        List<CompletableFuture<Boolean>> waiting =
                awaited.stream().map(this::reader).toList();
        await().atMost(LONG).until(() -> readers.waiting() == WaitingReaders.MOST);
        Awaited unknown = one();
        Awaited known = one();
        handled(known);

        assertThat(get(reader(unknown))).isFalse();
        assertThat(get(reader(known))).isTrue();
        assertThat(readers.waiting()).isEqualTo(WaitingReaders.MOST);

        awaited.forEach(this::handled);
        for (CompletableFuture<Boolean> reader : waiting) {
            assertThat(get(reader)).isTrue();
        }
        assertThat(readers.waiting()).isZero();
    }

    @Test
    void lookOnceWithoutTime() {
        Awaited awaited = one();
        assertThat(readers.await(Set.of(awaited), Duration.ZERO)).isFalse();
        handled(awaited);
        assertThat(readers.await(Set.of(awaited), Duration.ZERO)).isTrue();
        assertThat(store.looks).hasValue(2);
    }

    @Test
    void endInTimeThoughTheOneThatAsksGetsNoAnswer() throws Exception {
        Semaphore asked = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        store.beforeAnswer = number -> {
            asked.release();
            go.acquireUninterruptibly();
        };
        Awaited awaited = one();
        CompletableFuture<Boolean> leading = reader(awaited);
        asked.acquire();
        assertThat(readers.await(Set.of(one()), Duration.ofMillis(50))).isFalse();
        assertThat(leading).isNotDone();

        handled(awaited);
        go.release(Integer.MAX_VALUE / 2);
        assertThat(get(leading)).isTrue();
    }

    /** A database that is away, and comes back in time. */
    @Test
    void goOnAskingWhenTheDatabaseDoesNotAnswer() throws Exception {
        store.beforeAnswer = number -> {
            if (number <= 5) {
                throw new DataAccessResourceFailureException("gone");
            }
        };
        Awaited first = one();
        Awaited second = one();
        handled(first);
        handled(second);
        CompletableFuture<Boolean> leading = reader(first);
        CompletableFuture<Boolean> joining = reader(second);
        assertThat(get(leading)).isTrue();
        assertThat(get(joining)).isTrue();
        assertThat(store.looks).hasValueGreaterThan(5);
    }

    @Test
    void goOnWithAnotherWhenTheOneThatAsksIsInterruptedOrFails() throws Exception {
        Awaited awaited = one();
        AtomicReference<Thread> leader = new AtomicReference<>();
        CompletableFuture<Boolean> leading = CompletableFuture.supplyAsync(
                () -> {
                    leader.set(Thread.currentThread());
                    return readers.await(Set.of(one()), LONG);
                },
                threads);
        await().atMost(LONG).until(() -> store.looks.get() > 0);
        CompletableFuture<Boolean> joining = reader(awaited);
        await().atMost(LONG).until(() -> readers.waiting() == 2);
        leader.get().interrupt();
        assertThat(get(leading)).isFalse();

        AtomicBoolean failed = new AtomicBoolean();
        store.beforeAnswer = number -> {
            if (failed.compareAndSet(false, true)) {
                throw new AssertionError("out of memory, say");
            }
        };
        CompletableFuture<Boolean> third = reader(awaited);
        await().atMost(LONG).until(failed::get);
        assertThat(joining).failsWithin(LONG);
        handled(awaited);
        assertThat(get(third)).isTrue();
    }

    /** Readers come and go by the thousand, each for some milliseconds, while their messages are handled, or not. */
    @Test
    void areNeverForgottenWhoeverComesAndGoes() throws Exception {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        AtomicInteger reached = new AtomicInteger();
        AtomicInteger over = new AtomicInteger();
        for (int thread = 0; thread < 24; thread++) {
            int number = thread;
            running.add(CompletableFuture.runAsync(
                    () -> {
                        for (int n = 0; n < 200; n++) {
                            Awaited awaited = one();
                            boolean comes = (n + number) % 4 != 0;
                            if (comes) {
                                CompletableFuture.runAsync(
                                        () -> settledHere(awaited),
                                        CompletableFuture.delayedExecutor(n % 7, TimeUnit.MILLISECONDS, threads));
                            }
                            boolean found = readers.await(Set.of(awaited), comes ? LONG : Duration.ofMillis(n % 10));
                            assertThat(found).isEqualTo(comes);
                            (found ? reached : over).incrementAndGet();
                        }
                    },
                    threads));
        }
        for (CompletableFuture<Void> one : running) {
            one.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(reached).hasValue(24 * 150);
        assertThat(over).hasValue(24 * 50);
        assertThat(readers.waiting()).isZero();
    }
}
