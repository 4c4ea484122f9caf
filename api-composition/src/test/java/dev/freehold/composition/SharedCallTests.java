package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that ask the same at the same time. */
@Timeout(60)
class SharedCallTests {

    record Order(long id, long customerId) {}

    record Customer(long id, @Nullable String seenBy) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "2s")
    record QuickRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    static class Sources {

        final AtomicInteger rootCalls = new AtomicInteger();
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger interrupted = new AtomicInteger();
        final CountDownLatch release = new CountDownLatch(1);

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) throws InterruptedException {
            rootCalls.incrementAndGet();
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) throws InterruptedException {
            calls.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException expected) {
                interrupted.incrementAndGet();
                throw expected;
            }
            return ids.stream().map(id -> new Customer(id, USER.get())).toList();
        }
    }

    private static final ThreadLocal<@Nullable String> USER = new ThreadLocal<>();

    private final Sources sources = new Sources();
    private @Nullable Compositions compositions;

    @AfterEach
    void close() {
        sources.release.countDown();
        if (compositions != null) {
            compositions.close();
        }
    }

    private Compositions compositions(CallScope scope) {
        compositions = Compositions.builder()
                .sources(sources)
                .views(Row.class, QuickRow.class)
                .scope(scope)
                .concurrency(1_000)
                .build();
        return compositions;
    }

    private static <R> CompletableFuture<Page<R>> ask(View<R, Void> view, @Nullable String user) {
        CompletableFuture<Page<R>> page = new CompletableFuture<>();
        new Thread(() -> {
                    USER.set(user);
                    page.complete(view.page(null, Keyset.start(), 10));
                })
                .start();
        return page;
    }

    @Test
    void makeOneCall() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Question.Target target = new Question.Target() {
            @Override
            public String name() {
                return "customers";
            }

            @Override
            public @Nullable Object answer(Object arguments, Budget budget) throws InterruptedException {
                sources.release.await();
                return asked.incrementAndGet();
            }
        };
        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        try (Calls calls = new Calls(256, source -> 256, source -> CallPolicy.none(), Clock.systemUTC())) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Thread thread = new Thread(() -> {
                    Question question = new Question(target, new KeyList(new Object[] {1L, 2L}), "everybody");
                    calls.ask(question, true, CallerContext.capture(), Budget.of(Duration.ofSeconds(30)), replies::add);
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            sources.release.countDown();

            await().atMost(Duration.ofSeconds(30)).until(() -> replies.size() == 100);
            assertThat(asked.get()).isEqualTo(1);
            assertThat(replies).extracting(Reply::answer).containsOnly(1);
        }
    }

    @Test
    void makeTheirOwnForOthers() {
        View<Row, Void> view = compositions(USER::get).view(Row.class);

        CompletableFuture<Page<Row>> ada = ask(view, "ada");
        CompletableFuture<Page<Row>> bob = ask(view, "bob");
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 2);
        sources.release.countDown();

        assertThat(ada.join().isComplete()).isTrue();
        assertThat(bob.join().isComplete()).isTrue();
    }

    @Test
    void shareNothingWithoutAScope() {
        View<Row, Void> view = compositions(() -> null).view(Row.class);

        CompletableFuture<Page<Row>> one = ask(view, null);
        CompletableFuture<Page<Row>> two = ask(view, null);
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 2);
        sources.release.countDown();

        assertThat(one.join().isComplete()).isTrue();
        assertThat(two.join().isComplete()).isTrue();
    }

    @Test
    void goOnForThoseWhoStillWait() {
        Compositions all = compositions(() -> "everybody");
        View<QuickRow, Void> quick = all.view(QuickRow.class);
        View<Row, Void> patient = all.view(Row.class);

        CompletableFuture<Page<QuickRow>> first = ask(quick, null);
        await().atMost(Duration.ofSeconds(30)).until(() -> sources.calls.get() == 1);
        CompletableFuture<Page<Row>> second = ask(patient, null);

        assertThat(first.join().missing()).extracting(Page.Missing::cause).containsExactly(Cause.TIMEOUT);
        sources.release.countDown();
        assertThat(second.join().isComplete()).isTrue();
    }

    @Test
    void stopWhenNobodyWaits() {
        Compositions all = compositions(() -> "everybody");
        View<QuickRow, Void> quick = all.view(QuickRow.class);

        List<CompletableFuture<Page<QuickRow>>> pages = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            pages.add(ask(quick, null));
        }

        assertThat(pages)
                .allSatisfy(page -> assertThat(page.join().isComplete()).isFalse());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(sources.interrupted.get()).isEqualTo(sources.calls.get()));
    }
}
