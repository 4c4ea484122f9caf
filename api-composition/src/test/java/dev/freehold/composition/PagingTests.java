package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pages to the end: while rows come and go, with rows left out, and through more rows than fit into memory. */
@Timeout(300)
class PagingTests {

    record Order(long id, int priority) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(@Root Order order) {}

    /** Orders that come and go. */
    static class Orders {

        private final NavigableMap<List<Long>, Order> orders =
                new TreeMap<>((one, other) -> one.get(0).equals(other.get(0))
                        ? Long.compare(one.get(1), other.get(1))
                        : Long.compare(other.get(0), one.get(0)));

        void insert(long id, int priority) {
            orders.put(List.of((long) priority, id), new Order(id, priority));
        }

        @RootSource(
                name = "orders",
                sort = {"priority desc", "id"})
        List<Order> page(Keyset at, int limit) {
            NavigableMap<List<Long>, Order> behind = at.isStart()
                    ? orders
                    : orders.tailMap(List.of((long) at.get(0, Integer.class), at.get(1, Long.class)), false);
            return behind.values().stream().limit(limit).toList();
        }
    }

    @Test
    void showEveryRowOnceWhileOthersAreInserted() {
        Random random = new Random(42);
        Orders orders = new Orders();
        long id = 0;
        Set<Long> there = new HashSet<>();
        for (; id < 1_000; id++) {
            orders.insert(id, random.nextInt(50));
            there.add(id);
        }
        try (Compositions compositions =
                Compositions.builder().sources(orders).views(Row.class).build()) {
            View<Row, Void> view = compositions.view(Row.class);
            List<Long> seen = new ArrayList<>();
            Page<Row> page = view.page(null, Keyset.start(), 7);
            while (true) {
                page.rows().forEach(row -> seen.add(row.order().id()));
                if (page.next() == null) {
                    break;
                }
                for (int i = 0; i < 100_000 / 1_000 * 7 && id < 101_000; i++) {
                    orders.insert(id++, random.nextInt(50));
                }
                page = view.page(null, page.nextPage().orElseThrow(), id < 101_000 ? 7 : 1_000);
            }

            assertThat(id).as("rows with those that were inserted meanwhile").isEqualTo(101_000);
            assertThat(seen).doesNotHaveDuplicates();
            assertThat(seen).containsAll(there);
        }
    }

    @ComposedView(root = "orders", budget = "20s")
    record Inner(
            @Root Order order,

            @One(source = "customers", key = "order.id", join = Join.INNER)
            Customer customer) {}

    /** Knows every second customer, and counts the orders that it was asked for. */
    static class Half {

        private final AtomicInteger fetched = new AtomicInteger();
        private int last = 1_000;
        private int share = 2;

        @RootSource(name = "orders", sort = "id")
        Slice<Order> page(Keyset at, int limit) {
            long after = at.isStart() ? 0 : at.get(0, Long.class);
            List<Order> rows = LongStream.rangeClosed(after + 1, Math.min(last, after + limit))
                    .mapToObj(id -> new Order(id, 0))
                    .toList();
            fetched.addAndGet(rows.size());
            return new Slice<>(rows, after + limit < last);
        }

        @Source(name = "customers", id = "id", inline = true)
        List<Customer> customers(Set<Long> ids) {
            return ids.stream().filter(id -> id % share == 0).map(Customer::new).toList();
        }
    }

    @Test
    void areFilledWhenRowsAreLeftOut() {
        Half half = new Half();
        try (Compositions compositions =
                Compositions.builder().sources(half).views(Inner.class).build()) {
            Page<Inner> page = compositions.view(Inner.class).page(null, Keyset.start(), 50);

            assertThat(page.rows()).hasSize(50);
            assertThat(half.fetched.get()).isEqualTo(100);
            assertThat(page.analysis().root()).isNotNull().satisfies(root -> {
                assertThat(root.rows()).isEqualTo(100);
                assertThat(root.calls()).isEqualTo(2);
            });
            assertThat(page.next()).isEqualTo(Keyset.after(100L));
        }
    }

    @Test
    void goOnBehindTheLastRowThatIsShown() {
        for (int share : List.of(1, 2, 3, 7, 40)) {
            Half half = new Half();
            half.share = share;
            try (Compositions compositions =
                    Compositions.builder().sources(half).views(Inner.class).build()) {
                List<Long> seen = compositions
                        .view(Inner.class)
                        .pages(null, Keyset.start(), 13)
                        .flatMap(page -> page.rows().stream())
                        .map(row -> row.order().id())
                        .toList();

                assertThat(seen)
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000)
                                .filter(id -> id % share == 0)
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void areShortIfNearlyAllRowsAreLeftOut() {
        Half half = new Half();
        half.last = 100_000;
        half.share = 1_000_000;
        try (Compositions compositions =
                Compositions.builder().sources(half).views(Inner.class).build()) {
            Page<Inner> page = compositions.view(Inner.class).page(null, Keyset.start(), 50);

            assertThat(page.rows()).isEmpty();
            assertThat(page.nextPage()).isPresent();
            assertThat(half.fetched.get()).isEqualTo(50 + 3 * 200);
        }
    }

    /** Goes through a million rows with little memory; a process of its own. */
    static final class Million {

        private Million() {}

        public static void main(String[] args) {
            Half all = new Half();
            all.last = 1_000_000;
            all.share = 1;
            try (Compositions compositions =
                    Compositions.builder().sources(all).views(Inner.class).build()) {
                long rows = compositions
                        .view(Inner.class)
                        .pages(null, Keyset.start(), 1_000)
                        .mapToLong(page -> page.rows().size())
                        .sum();
                System.out.println(rows + " rows in " + Runtime.getRuntime().maxMemory() / 1024 / 1024 + " MiB");
            }
        }
    }

    @Test
    void needNoMemoryForAllRowsTogether(@TempDir Path directory) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Million.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output)).containsPattern("1000000 rows in 6\\d MiB");
    }

    @Test
    void endWhereTheRootSourceBeginsAgain() {
        class Forgetful {
            private final AtomicInteger calls = new AtomicInteger();

            @RootSource(name = "orders", sort = "id")
            List<Order> page(Keyset ignored, int limit) {
                calls.incrementAndGet();
                return LongStream.rangeClosed(1, 100)
                        .mapToObj(id -> new Order(id, 0))
                        .limit(limit)
                        .toList();
            }
        }
        Forgetful forgetful = new Forgetful();
        try (Compositions compositions =
                Compositions.builder().sources(forgetful).views(Row.class).build()) {
            View<Row, Void> view = compositions.view(Row.class);

            assertThatExceptionOfType(CompositionException.class)
                    .isThrownBy(() -> view.pages(null, Keyset.start(), 10)
                            .limit(1_000)
                            .forEach(page -> assertThat(page.rows()).hasSize(10)))
                    .withMessage(
                            "root source 'orders' was asked for the rows behind [10], and gave others in the order [id]:"
                                    + " heed the Keyset, or pages would never end");
            assertThat(forgetful.calls.get()).isEqualTo(2);
        }
    }

    record Ticket(String code) {}

    @ComposedView(root = "tickets")
    record TicketRow(@Root Ticket ticket) {}

    /** Where Java and a database may have orders of their own. */
    @Test
    void endWhereTheRootSourceBeginsAgainByText() {
        class Forgetful {
            @RootSource(name = "tickets", sort = "code")
            List<Ticket> page(Keyset ignored, int limit) {
                return LongStream.rangeClosed(100, 200)
                        .mapToObj(id -> new Ticket("t" + id))
                        .limit(limit)
                        .toList();
            }
        }
        try (Compositions compositions = Compositions.builder()
                .sources(new Forgetful())
                .views(TicketRow.class)
                .build()) {
            View<TicketRow, Void> view = compositions.view(TicketRow.class);

            assertThatExceptionOfType(CompositionException.class)
                    .isThrownBy(() ->
                            view.pages(null, Keyset.start(), 10).limit(1_000).forEach(page -> {}))
                    .withMessageContaining("heed the Keyset");
        }
    }

    /** Is read from its text, but as another one. */
    record Code(String text) implements Comparable<Code> {

        @SuppressWarnings("unused") // called by Spring's conversion
        public static Code of(String text) {
            return new Code(text);
        }

        @Override
        public int compareTo(Code other) {
            return text.compareTo(other.text);
        }
    }

    record Coded(Code code) {}

    @ComposedView(root = "coded", budget = "20s")
    record CodedRow(@Root Coded coded) {}

    @Test
    void areRefusedWhereTheNextOneCouldNotBegin() {
        Object source = new Object() {
            @RootSource(name = "coded", sort = "code")
            List<Coded> coded(Keyset at, int limit) {
                return Stream.of("a", "b", "c")
                        .map(text -> new Coded(new Code(text)))
                        .limit(limit)
                        .toList();
            }
        };
        try (Compositions compositions =
                Compositions.builder().sources(source).views(CodedRow.class).build()) {
            View<CodedRow, Void> view = compositions.view(CodedRow.class);

            assertThat(view.page(null, Keyset.start(), 3).rows()).hasSize(3);
            assertThatExceptionOfType(CompositionException.class)
                    .isThrownBy(() -> view.page(null, Keyset.start(), 2))
                    .withMessageContaining(
                            "sorts by code, whose value Code[text=b] is read from its text as Code[text=Code[text=b]]")
                    .withMessageContaining("whose toString says all");
        }
    }

    record Holding(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Holdings(
            @Root Order order,

            @Many(source = "holdings", key = "order.id") List<Holding> holdings) {}

    @Test
    void haveTheRowsOfAKeyInAnArray() {
        Object source = new Object() {
            @Source(name = "holdings", inline = true)
            Map<Long, Holding[]> holdings(Set<Long> ids) {
                return Map.of(0L, new Holding[] {new Holding(7), new Holding(8)});
            }
        };
        Orders orders = new Orders();
        orders.insert(0, 1);
        try (Compositions compositions = Compositions.builder()
                .sources(source, orders)
                .views(Holdings.class)
                .build()) {
            assertThat(compositions
                            .view(Holdings.class)
                            .page(null, Keyset.start(), 10)
                            .rows())
                    .singleElement()
                    .satisfies(row -> assertThat(row.holdings()).containsExactly(new Holding(7), new Holding(8)));
        }
    }
}
