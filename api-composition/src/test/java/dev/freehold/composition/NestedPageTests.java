package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** Sources that ask for pages themselves, and pages within a budget from elsewhere. */
@Timeout(60)
class NestedPageTests {

    record Order(long id, long customerId) {}

    record Customer(long id, int orders) {}

    @ComposedView(root = "orders", budget = "20s")
    record Inner(@Root Order order) {}

    @ComposedView(root = "orders", budget = "20s")
    record Outer(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    static class Sources {

        private final AtomicReference<@Nullable Compositions> compositions = new AtomicReference<>();
        private boolean hang;

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) throws InterruptedException {
            if (hang) {
                new CountDownLatch(1).await();
            }
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) {
            Compositions all = Objects.requireNonNull(compositions.get());
            int orders =
                    all.view(Inner.class).page(null, Keyset.start(), 10).rows().size();
            return ids.stream().map(id -> new Customer(id, orders)).toList();
        }
    }

    private final Sources sources = new Sources();

    @Test
    void doNotWaitForThePermitThatTheirCallerHolds() {
        try (Compositions compositions = Compositions.builder()
                .sources(sources)
                .views(Inner.class, Outer.class)
                .concurrencyOfProcess(1)
                .build()) {
            sources.compositions.set(compositions);

            Page<Outer> page = compositions.view(Outer.class).page(null, Keyset.start(), 10);

            assertThat(page.isComplete()).isTrue();
        }
    }

    @Test
    void takeNoLongerThanWhoeverWaitsForThem() {
        sources.hang = true;
        try (Compositions compositions = Compositions.builder()
                        .sources(sources)
                        .views(Inner.class)
                        .build();
                Budget.Scope scope = Budget.of(Duration.ofMillis(200)).open()) {
            View<Inner, Void> view = compositions.view(Inner.class);
            long begun = System.nanoTime();

            assertThatExceptionOfType(SourceUnavailableException.class)
                    .isThrownBy(() -> view.page(null, Keyset.start(), 10))
                    .satisfies(thrown -> assertThat(thrown.kind()).isEqualTo(Cause.TIMEOUT));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void areLimitedByTheProcessWithABudgetFromElsewhere() {
        try (Compositions compositions = Compositions.builder()
                        .sources(sources)
                        .views(Inner.class)
                        .build();
                Budget.Scope scope = Budget.of(Duration.ofSeconds(10)).open()) {
            assertThat(Budget.callDepth()).isZero();
            assertThat(compositions
                            .view(Inner.class)
                            .page(null, Keyset.start(), 10)
                            .isComplete())
                    .isTrue();
        }
    }

    record Node(long id, int depth) {}

    record Leaf(long id, long nodeId) {}

    @ComposedView(root = "leaves", budget = "20s")
    record Tree(
            @Root Leaf leaf,
            @One(source = "nodes", key = "leaf.nodeId") Part<Node> node) {}

    /** A node knows its depth from the page of its parent, which is the next smaller number. */
    static class Nodes {

        private final AtomicReference<@Nullable Compositions> compositions = new AtomicReference<>();

        @RootSource(name = "leaves", sort = "id")
        List<Leaf> leaves(Keyset at, int limit) {
            return List.of(new Leaf(1, 10));
        }

        @Source(name = "nodes", id = "id")
        List<Node> nodes(Set<Long> ids) {
            return ids.stream().map(id -> new Node(id, depth(id))).toList();
        }

        private int depth(long id) {
            if (id == 0) {
                return 0;
            }
            View<Tree, Void> view = Objects.requireNonNull(compositions.get()).view(Tree.class);
            Part<Node> parent =
                    view.compose(List.of(new Leaf(1, id - 1))).rows().get(0).node();
            return 1 + parent.optional().orElseThrow().depth();
        }
    }

    @Test
    void doNotWaitForThePermitsOfTheSourceThatAsksForThem() {
        Nodes nodes = new Nodes();
        try (Compositions compositions = Compositions.builder()
                .sources(nodes)
                .views(Tree.class)
                .concurrency("nodes", 1)
                .build()) {
            nodes.compositions.set(compositions);

            Page<Tree> page = compositions.view(Tree.class).page(null, Keyset.start(), 10);

            assertThat(page.rows())
                    .extracting(row -> row.node().optional())
                    .containsExactly(Optional.of(new Node(10, 10)));
        }
    }

    /** Pages within a call ask for what that call has claimed: they must not wait for it. */
    @Test
    void doNotWaitForTheirOwnCallerThoughItsKeysAreKeptInACache() {
        class Kept extends Nodes {

            @Override
            @Source(name = "nodes", id = "id", cache = "nodes", forEverybody = true)
            List<Node> nodes(Set<Long> ids) {
                return super.nodes(ids);
            }
        }
        Kept nodes = new Kept();
        try (Compositions compositions = Compositions.builder()
                .sources(nodes)
                .views(Tree.class)
                .caches(new ConcurrentMapCacheManager("nodes"))
                .build()) {
            ((Nodes) nodes).compositions.set(compositions);

            Page<Tree> page =
                    compositions.view(Tree.class).compose(List.of(new Leaf(1, 5), new Leaf(2, 4), new Leaf(3, 1)));

            assertThat(page.rows())
                    .extracting(row -> row.node().optional().orElseThrow().depth())
                    .containsExactly(5, 4, 1);
        }
    }

    record Account(long id) {}

    record Summary(long id, int accounts) {}

    @ComposedView(root = "accounts", budget = "20s")
    record Accounts(@Root Account account) {}

    @ComposedView(root = "accounts", budget = "20s")
    record Summaries(
            @Root Account account,

            @One(source = "summaries", key = "account.id") Part<Summary> summary) {}

    /** Summaries begin when they may, and then ask for the page of accounts. */
    static class Bank {

        private final AtomicReference<@Nullable Compositions> compositions = new AtomicReference<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @RootSource(name = "accounts", sort = "id")
        List<Account> accounts(Keyset at, int limit) {
            return List.of(new Account(1));
        }

        @Source(name = "summaries", id = "id")
        List<Summary> summaries(Set<Long> ids) throws InterruptedException {
            begun.countDown();
            goOn.await();
            Compositions all = Objects.requireNonNull(compositions.get());
            int accounts = all.view(Accounts.class)
                    .page(null, Keyset.start(), 10)
                    .rows()
                    .size();
            return ids.stream().map(id -> new Summary(id, accounts)).toList();
        }
    }

    @Test
    void doNotJoinTheLineForThePermitThatTheirCallerHolds() throws Exception {
        Bank bank = new Bank();
        try (Compositions compositions = Compositions.builder()
                .sources(bank)
                .views(Accounts.class, Summaries.class)
                .scope(() -> "everybody")
                .concurrencyOfProcess(1)
                .build()) {
            bank.compositions.set(compositions);
            CompletableFuture<Page<Summaries>> summaries = CompletableFuture.supplyAsync(
                    () -> compositions.view(Summaries.class).compose(List.of(new Account(1))),
                    work -> new Thread(work).start());
            bank.begun.await();
            CompletableFuture<Page<Accounts>> accounts = CompletableFuture.supplyAsync(
                    () -> compositions.view(Accounts.class).page(null, Keyset.start(), 10),
                    work -> new Thread(work).start());
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            compositions.callsInFlight().getOrDefault("accounts", 0) == 1); // in line for the process
            bank.goOn.countDown();

            assertThat(summaries.get().isComplete()).isTrue();
            assertThat(accounts.get().rows()).hasSize(1);
        }
    }

    record Question(long id) {}

    @ComposedView(root = "questions", budget = "20s")
    record Left(
            @Root Question question,

            @One(source = "lefts", key = "question.id") Part<Summary> summary) {}

    @ComposedView(root = "questions", budget = "20s")
    record Right(
            @Root Question question,

            @One(source = "rights", key = "question.id") Part<Summary> summary) {}

    /** Each asks for the other one, until there is nothing left to ask. */
    static class Crosswise {

        private final CyclicBarrier both = new CyclicBarrier(2);
        private final AtomicReference<@Nullable Compositions> compositions = new AtomicReference<>();

        @RootSource(name = "questions", sort = "id")
        List<Question> questions(Keyset at, int limit) {
            return List.of();
        }

        @Source(name = "lefts", id = "id")
        List<Summary> lefts(Set<Long> ids) throws Exception {
            long id = ids.iterator().next();
            return List.of(new Summary(id, id < 2 ? 0 : 1 + asked(Right.class, id, Right::summary)));
        }

        @Source(name = "rights", id = "id")
        List<Summary> rights(Set<Long> ids) throws Exception {
            long id = ids.iterator().next();
            return List.of(new Summary(id, id < 2 ? 0 : 1 + asked(Left.class, id, Left::summary)));
        }

        private <R> int asked(Class<R> row, long id, Function<R, Part<Summary>> part) throws Exception {
            if (id >= 10) {
                both.await(); // each has the only permit now
            }
            Compositions all = Objects.requireNonNull(compositions.get());
            R found =
                    all.view(row).compose(List.of(new Question(id / 10))).rows().get(0);
            return part.apply(found).optional().orElseThrow().accounts();
        }
    }

    @Test
    void doNotWaitForPermitsOfThoseWhoWaitForTheirs() {
        Crosswise sources = new Crosswise();
        try (Compositions compositions = Compositions.builder()
                .sources(sources)
                .views(Left.class, Right.class)
                .concurrency(1)
                .concurrencyOfProcess(2)
                .build()) {
            sources.compositions.set(compositions);
            CompletableFuture<Page<Left>> left = new CompletableFuture<>();
            new Thread(() -> left.complete(compositions.view(Left.class).compose(List.of(new Question(20))))).start();

            Page<Right> right = compositions.view(Right.class).compose(List.of(new Question(21)));

            assertThat(right.rows())
                    .extracting(row -> row.summary().optional())
                    .containsExactly(Optional.of(new Summary(21, 2)));
            assertThat(left.join().rows())
                    .extracting(row -> row.summary().optional())
                    .containsExactly(Optional.of(new Summary(20, 2)));
        }
    }
}
