package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import tools.jackson.databind.json.JsonMapper;

/** Pages that are made again of what their sources said. */
@Timeout(60)
class RecordingTests {

    enum Status {
        OPEN,
        SHIPPED
    }

    record Order(long id, long customerId, List<String> skus, BigDecimal total, Instant at, Status status) {}

    record Customer(long id, String name) {}

    record Product(String sku, @Nullable String name) {}

    record Shipment(long id, long orderId, Duration took) {}

    record Filter(@Nullable Status status, @Nullable String country) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId", filter = "country")
            Part<Customer> customer,

            @Many(source = "products", via = "order.skus") List<Part<Product>> products,

            @Many(source = "shipments", key = "order.id", limit = 2)
            Part<Slice<Shipment>> shipments,

            @One(source = "stock", key = "order.id") Part<Integer> stock,
            @Many(source = "notes", key = "order.id") List<String> notes) {}

    @ComposedView(root = "orders", budget = "20s")
    record Inner(
            @Root Order order,

            @One(source = "customers", key = "order.customerId", join = Join.INNER)
            Customer customer) {}

    static class Sources {

        private volatile @Nullable Cause customers;
        private volatile @Nullable Cause orders;
        private volatile @Nullable Cause keys;
        private volatile boolean productsAway;
        private volatile boolean nothing;

        private static void failWith(@Nullable Cause cause) {
            if (cause != null) {
                throw new CallFailedException(cause, "as the test says", Duration.ofSeconds(7), null);
            }
        }

        @RootSource(name = "orders", sort = "id", filters = "status")
        @Nullable
        Slice<Order> orders(Filter filter, @SemiJoin("customerId") @Nullable Set<Long> of, Keyset at, int limit) {
            failWith(orders);
            if (nothing) {
                return null;
            }
            List<Order> behind = LongStream.rangeClosed(1, 40)
                    .filter(id -> at.isStart() || id > at.get(0, Long.class))
                    .mapToObj(RecordingTests::order)
                    .filter(order -> filter.status() == null || filter.status() == order.status())
                    .filter(order -> of == null || of.contains(order.customerId()))
                    .toList();
            return new Slice<>(behind.subList(0, Math.min(limit, behind.size())), behind.size() > limit);
        }

        @KeySource(source = "customers")
        Set<Long> in(String country, int limit) {
            failWith(keys);
            return country.equals("NL") ? Set.of(1L, 3L) : Set.of();
        }

        @Source(name = "customers", id = "id", maxBatch = 2)
        List<Customer> customers(Set<Long> ids) {
            if (ids.contains(3L)) {
                failWith(customers);
            }
            return ids.stream()
                    .filter(id -> id != 2)
                    .flatMap(id -> id == 5
                            ? Stream.of(new Customer(5, "Edsger"), new Customer(5, "Dijkstra"))
                            : Stream.of(new Customer(id, "Customer " + id)))
                    .toList();
        }

        @Source(name = "products", cache = "products", freshFor = "0s", staleFor = "1h", forEverybody = true)
        Map<String, Product> products(Set<String> skus) {
            failWith(productsAway ? Cause.CONNECTION : null);
            return skus.contains("tea") ? Map.of("tea", new Product("tea", null)) : Map.of();
        }

        @Source(name = "shipments", groupBy = "orderId", maxBatch = 3)
        List<Shipment> shipments(Set<Long> orders, int limit) {
            return orders.stream()
                    .flatMap(order -> LongStream.range(0, order % 4)
                            .mapToObj(n -> new Shipment(order * 10 + n, order, Duration.ofHours(n)))
                            .limit(limit))
                    .toList();
        }

        @Source(name = "stock")
        @Nullable
        Integer stock(long order) {
            failWith(order % 5 == 0 ? Cause.SERVER_ERROR : null);
            return order % 3 == 0 ? null : (int) order;
        }

        @Source(name = "notes", inline = true)
        Map<Long, List<String>> notes(Set<Long> orders) {
            return orders.contains(2L) ? Map.of(2L, List.of("a", "b")) : Map.of();
        }
    }

    private static Order order(long id) {
        return new Order(
                id,
                id % 7,
                id % 2 == 0 ? List.of("tea", "none") : List.of(),
                new BigDecimal("1.50").multiply(BigDecimal.valueOf(id)),
                Instant.parse("2026-11-23T12:00:00.123456Z").plusSeconds(id),
                Status.values()[(int) (id % 2)]);
    }

    private final JsonMapper json = JsonMapper.builder().build();
    private final List<PageRecording> recorded = new ArrayList<>();
    private final Sources sources = new Sources();
    private final Compositions compositions = Compositions.builder()
            .sources(sources)
            .views(Row.class, Inner.class)
            .caches(new ConcurrentMapCacheManager("products"))
            .pageListener(new PageListener() {
                @Override
                public void made(Analysis analysis) {}

                @Override
                public boolean wantsAnswers() {
                    return true;
                }

                @Override
                public void heard(PageRecording recording) {
                    recorded.add(recording);
                }
            })
            .build();
    private final SimulatedSources simulated = SimulatedSources.of(List.of(Row.class, Inner.class), Sources.class);

    @AfterEach
    void close() {
        compositions.close();
    }

    private PageRecording last() {
        PageRecording last = recorded.get(recorded.size() - 1);
        return PageRecording.read(json.writeValueAsString(last), json);
    }

    private <R> Page<R> replayed(Class<R> row) {
        return simulated.replay(row, last(), json);
    }

    private static void areEqual(Page<?> replayed, Page<?> page) {
        assertThat(replayed.rows()).isEqualTo(page.rows());
        assertThat(replayed.next()).isEqualTo(page.next());
        assertThat(replayed.missing()).containsExactlyInAnyOrderElementsOf(page.missing());
        assertThat(replayed.stale()).isEqualTo(page.stale());
    }

    private Page<Row> page(Filter filter, Keyset at, int limit) {
        return compositions.view(Row.class, Filter.class).page(filter, at, limit);
    }

    @Test
    void haveTheSameRows() {
        Page<Row> page = page(new Filter(null, null), Keyset.start(), 20);

        areEqual(replayed(Row.class), page);
        assertThat(page.missing())
                .extracting(Page.Missing::cause)
                .as("what was different for single keys")
                .contains(Cause.DUPLICATE, Cause.SERVER_ERROR);
        assertThat(simulated.elapsed()).isZero();
    }

    @Test
    void beginWhereTheyBeganAndAreFiltered() {
        Keyset next = Objects.requireNonNull(
                page(new Filter(Status.OPEN, "NL"), Keyset.start(), 2).next());

        Page<Row> first = page(new Filter(Status.OPEN, "NL"), Keyset.start(), 2);
        areEqual(replayed(Row.class), first);
        Page<Row> second = page(new Filter(Status.OPEN, "NL"), next, 2);
        assertThat(second.rows()).hasSize(2);
        areEqual(replayed(Row.class), second);
        Page<Row> none = page(new Filter(null, "BE"), Keyset.start(), 2);
        assertThat(none.rows()).isEmpty();
        areEqual(replayed(Row.class), none);
    }

    @ParameterizedTest
    @EnumSource(
            value = Cause.class,
            names = {"TIMEOUT", "CLIENT_ERROR", "UNREADABLE", "BREAKER_OPEN", "ERROR"})
    void failWhereTheyFailed(Cause cause) {
        sources.customers = cause;

        Page<Row> page = page(new Filter(null, null), Keyset.start(), 20);

        assertThat(page.missing()).anyMatch(missing -> missing.cause() == cause);
        areEqual(replayed(Row.class), page);
        assertThat(last().isComplete()).isFalse();
    }

    @Test
    void showWhatWasStale() {
        page(new Filter(null, null), Keyset.start(), 20);
        sources.productsAway = true;

        Page<Row> page = page(new Filter(null, null), Keyset.start(), 20);

        assertThat(page.stale()).isTrue();
        areEqual(replayed(Row.class), page);
    }

    @Test
    void askForMoreRootsWhereTheyDid() {
        Page<Inner> page =
                compositions.view(Inner.class, Filter.class).page(new Filter(Status.OPEN, null), Keyset.start(), 5);

        areEqual(replayed(Inner.class), page);
        assertThat(last().roots()).hasSizeGreaterThan(1);
    }

    @Test
    void areComposedAroundTheSameRows() {
        Page<Row> page = compositions.view(Row.class, Filter.class).compose(List.of(order(2), order(3), order(2)));

        areEqual(replayed(Row.class), page);
    }

    @Test
    void areNotMadeAgainIfTheyWereNotMade() {
        sources.customers = Cause.TIMEOUT;
        View<Inner, Filter> view = compositions.view(Inner.class, Filter.class);
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> view.page(new Filter(null, null), Keyset.start(), 5));

        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> replayed(Inner.class))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.TIMEOUT))
                .satisfies(failure -> assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    }

    @Test
    void failWithTheirRoots() {
        sources.orders = Cause.CONNECTION;
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> page(new Filter(null, null), Keyset.start(), 5));

        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> replayed(Row.class))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.CONNECTION));
    }

    @Test
    void failWithTheirKeys() {
        sources.keys = Cause.SERVER_ERROR;
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> page(new Filter(null, "NL"), Keyset.start(), 5));

        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> replayed(Row.class))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.SERVER_ERROR));
    }

    @Test
    void doNotNeedJson() {
        Page<Row> page = page(new Filter(null, null), Keyset.start(), 20);

        areEqual(simulated.replay(Row.class, recorded.get(0), json), page);
    }

    @Test
    void forgetWhatOtherTestsHaveSaid() {
        Page<Row> page = page(new Filter(null, null), Keyset.start(), 20);
        simulated
                .rows("customers", new Customer(1, "Somebody else"))
                .rowsFor("products", "tea", new Product("tea", "Tea"));
        simulated.compositions().lookup("products", String.class, Product.class).find(List.of("tea", "none"));

        areEqual(replayed(Row.class), page);
    }

    @Test
    void sayWhatIsNotRecorded() {
        page(new Filter(null, "NL"), Keyset.start(), 5);
        PageRecording whole = last();
        Map<String, List<PageRecording.Answer>> less = Map.of("customers", List.of());

        assertThatIllegalStateException()
                .isThrownBy(() -> simulated.replay(
                        Row.class,
                        new PageRecording("Row", whole.filter(), "", 5, whole.roots(), whole.keys(), less),
                        json))
                .withMessageContaining("the recording does not know what source ");
        assertThatIllegalStateException()
                .isThrownBy(() -> simulated.replay(
                        Row.class,
                        new PageRecording("Row", whole.filter(), "", 5, List.of(), whole.keys(), whole.sources()),
                        json))
                .withMessageContaining("root source 'orders' is asked for rows behind ''");
        assertThatIllegalStateException()
                .isThrownBy(() -> simulated.replay(
                        Row.class,
                        new PageRecording("Row", whole.filter(), "", 5, whole.roots(), List.of(), whole.sources()),
                        json))
                .withMessageContaining("does not know which keys of source 'customers' match NL");
    }

    @Test
    void failWhereTheAnswerWasNull() {
        sources.nothing = true;
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> page(new Filter(null, null), Keyset.start(), 5));

        assertThat(last().isComplete()).isFalse();
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> replayed(Row.class))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Cause.UNREADABLE));
    }

    @Test
    void areMadeThoughNobodyCanHearThem() {
        try (Compositions deaf = Compositions.builder()
                .sources(new Sources())
                .views(Inner.class)
                .caches(new ConcurrentMapCacheManager("products"))
                .pageListener(new PageListener() {
                    @Override
                    public void made(Analysis analysis) {}

                    @Override
                    public boolean wantsAnswers() {
                        return true;
                    }

                    @Override
                    public void heard(PageRecording recording) {
                        throw new IllegalStateException("deaf");
                    }
                })
                .build()) {
            assertThat(deaf.view(Inner.class, Filter.class)
                            .page(new Filter(null, null), Keyset.start(), 2)
                            .rows())
                    .hasSize(2);
        }
    }

    @Test
    void sayIfTheRecordingIsOfAnotherView() {
        page(new Filter(null, null), Keyset.start(), 5);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> replayed(Inner.class))
                .withMessage("the recording is of Row, not of Inner");
    }

    @Test
    void sayIfTheRecordingCannotBeRead() {
        page(new Filter(null, null), Keyset.start(), 5);
        String text = json.writeValueAsString(recorded.get(0)).replace("\"total\":", "\"total\":\"much\",\"was\":");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> simulated.replay(Row.class, PageRecording.read(text, json), json))
                .withMessageContaining(
                        "a row of source 'orders' cannot be read as RecordingTests.Order from the recording");
    }

    @Test
    void areWrittenIntoSoManyFiles(@TempDir Path directory) throws IOException {
        Path pages = directory.resolve("pages");
        try (Compositions writing = Compositions.builder()
                .sources(new Sources())
                .views(Row.class)
                .caches(new ConcurrentMapCacheManager("products"))
                .pageListener(PageRecording.toFiles(pages, 2, json))
                .build()) {
            Page<Row> page = null;
            for (int i = 0; i < 3; i++) {
                page = writing.view(Row.class, Filter.class).page(new Filter(null, null), Keyset.start(), 20);
            }

            try (Stream<Path> files = Files.list(pages)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("Row-1.json", "Row-2.json");
            }
            PageRecording read = PageRecording.read(Files.readString(pages.resolve("Row-2.json")), json);
            assertThat(simulated.replay(Row.class, read, json).rows())
                    .extracting(Row::order)
                    .isEqualTo(Objects.requireNonNull(page).rows().stream()
                            .map(Row::order)
                            .toList());
        }
    }

    @Test
    void areMadeThoughTheyCannotBeWritten(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("no-directory"));
        try (Compositions writing = Compositions.builder()
                .sources(new Sources())
                .views(Inner.class)
                .caches(new ConcurrentMapCacheManager("products"))
                .pageListener(PageRecording.toFiles(file, 2, json))
                .build()) {
            assertThat(writing.view(Inner.class, Filter.class)
                            .page(new Filter(null, null), Keyset.start(), 2)
                            .rows())
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void areWrittenIntoOneFileAtLeast(int most) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageRecording.toFiles(Path.of("."), most, json))
                .withMessage("most must be at least 1, was " + most);
    }
}
