package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages by the annotations, with sources on threads of their own. */
@Timeout(60)
class PageTests {

    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    record Line(String sku, int quantity) {}

    record Order(long id, @Nullable Long customerId, List<Line> lines) {}

    record Customer(long id, String name, @Nullable Long addressId) {}

    record Address(long id, String city) {}

    record Product(String sku, String name, int price) {}

    record ProductName(String sku, String name) {}

    record Shipment(long id, long orderId) {}

    /** What the sources know, and what they were asked. */
    static class Shop {

        final List<Order> orders = new ArrayList<>();
        final Map<Long, Customer> customers = new HashMap<>();
        final Map<Long, Address> addresses = new HashMap<>();
        final Map<String, Product> products = new HashMap<>();
        final List<Shipment> shipments = new ArrayList<>();
        final List<Set<Long>> askedForCustomers = new ArrayList<>();
        final AtomicReference<@Nullable Thread> caller = new AtomicReference<>();

        @Nullable
        Work customersDo;

        @Nullable
        Work shipmentsDo;

        /** What a source does before it answers. */
        interface Work {
            void run() throws Exception;
        }

        @RootSource(name = "orders", sort = "id")
        List<Order> page(Keyset at, int limit) {
            long after = at.isStart() ? Long.MIN_VALUE : at.get(0, Long.class);
            return orders.stream()
                    .filter(order -> order.id() > after)
                    .sorted(Comparator.comparing(Order::id))
                    .limit(limit)
                    .toList();
        }

        @Source(name = "customers", id = "id", maxBatch = 3)
        List<Customer> customers(Set<Long> ids) throws Exception {
            synchronized (askedForCustomers) {
                askedForCustomers.add(ids);
            }
            caller.set(Thread.currentThread());
            run(customersDo);
            return ids.stream()
                    .flatMap(id -> Stream.ofNullable(customers.get(id)))
                    .toList();
        }

        @Source(name = "addresses")
        Optional<Address> address(long id) {
            return Optional.ofNullable(addresses.get(id));
        }

        @Source(name = "products")
        CompletableFuture<Map<String, Product>> products(List<String> skus) {
            Map<String, Product> found = new HashMap<>(products);
            found.keySet().retainAll(skus);
            return CompletableFuture.completedFuture(found);
        }

        @Source(name = "shipments", groupBy = "orderId")
        Stream<Shipment> shipments(Set<Long> orderIds) throws Exception {
            run(shipmentsDo);
            return shipments.stream().filter(shipment -> orderIds.contains(shipment.orderId()));
        }

        private static void run(@Nullable Work work) throws Exception {
            if (work != null) {
                work.run();
            }
        }
    }

    @ComposedView(root = "orders", budget = "10s")
    record OrderRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @One(source = "addresses", key = "customer.addressId")
            Part<Address> address,

            @Many(source = "shipments", key = "order.id") Part<List<Shipment>> shipments,

            @Many(source = "products", via = "order.lines", key = "sku")
            List<ProductName> products) {}

    private final Shop shop = new Shop();
    private @Nullable Compositions compositions;

    @AfterEach
    void close() {
        if (compositions != null) {
            compositions.close();
        }
    }

    private <R> View<R, Void> view(Class<R> row) {
        compositions = Compositions.builder()
                .sources(shop)
                .views(row)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        return compositions.view(row);
    }

    private void order(long id, @Nullable Long customer, String... skus) {
        shop.orders.add(new Order(
                id, customer, Stream.of(skus).map(sku -> new Line(sku, 1)).toList()));
    }

    private void customer(long id, @Nullable Long address) {
        shop.customers.put(id, new Customer(id, "customer " + id, address));
    }

    private Customer known(long customer) {
        return Objects.requireNonNull(shop.customers.get(customer));
    }

    private static <T> Part<T> found(T value) {
        return new Part.Found<>(value, NOW, false);
    }

    private static <R> Page<R> page(View<R, Void> view, int limit) {
        return view.page(null, Keyset.start(), limit);
    }

    @Nested
    class Joins {

        @Test
        void oneManyAndManyToMany() {
            order(1, 7L, "tea", "milk", "tea");
            order(2, 8L);
            order(3, 7L, "milk");
            customer(7, 70L);
            customer(8, null);
            shop.addresses.put(70L, new Address(70, "Delft"));
            shop.shipments.add(new Shipment(100, 3));
            shop.shipments.add(new Shipment(101, 1));
            shop.shipments.add(new Shipment(102, 3));
            shop.products.put("tea", new Product("tea", "Tea", 3));
            shop.products.put("milk", new Product("milk", "Milk", 1));

            Page<OrderRow> page = page(view(OrderRow.class), 10);

            ProductName tea = new ProductName("tea", "Tea");
            ProductName milk = new ProductName("milk", "Milk");
            assertThat(page.rows())
                    .containsExactly(
                            new OrderRow(
                                    shop.orders.get(0),
                                    found(known(7)),
                                    found(new Address(70, "Delft")),
                                    found(List.of(new Shipment(101, 1))),
                                    List.of(tea, milk)),
                            new OrderRow(
                                    shop.orders.get(1),
                                    found(known(8)),
                                    new Part.Absent<>(null),
                                    found(List.of()),
                                    List.of()),
                            new OrderRow(
                                    shop.orders.get(2),
                                    found(known(7)),
                                    found(new Address(70, "Delft")),
                                    found(List.of(new Shipment(100, 3), new Shipment(102, 3))),
                                    List.of(milk)));
            assertThat(page.isComplete()).isTrue();
            assertThat(page.nextPage()).isEmpty();
        }

        @Test
        void askForEachKeyOnceInBatches() {
            for (int i = 0; i < 20; i++) {
                order(i, (long) i % 7);
            }

            page(view(OrderRow.class), 20);

            assertThat(shop.askedForCustomers)
                    .containsExactlyInAnyOrder(Set.of(0L, 1L, 2L), Set.of(3L, 4L, 5L), Set.of(6L));
        }

        @Test
        void askNobodyForRowsWithoutKeys() {
            order(1, null);

            Page<OrderRow> page = page(view(OrderRow.class), 10);

            assertThat(page.rows().get(0).customer()).isEqualTo(new Part.Absent<>(null));
            assertThat(shop.askedForCustomers).isEmpty();
        }

        @Test
        void sayWhichKeyHasNoRow() {
            order(1, 9L);

            assertThat(page(view(OrderRow.class), 10).rows().get(0).customer()).isEqualTo(new Part.Absent<>(9L));
        }

        /** The orders without the rest of the shop. */
        record RootOnly(Shop shop) {

            @RootSource(name = "orders", sort = "id")
            List<Order> page(Keyset at, int limit) {
                return shop.page(at, limit);
            }
        }

        @ComposedView(root = "orders", budget = "10s")
        record Inner(
                @Root Order order,

                @One(source = "customers", key = "order.customerId", join = Join.INNER)
                Customer customer) {}

        @Test
        void leaveRowsOutIfToldSo() {
            order(1, 7L);
            order(2, 9L);
            order(3, null);
            customer(7, null);

            assertThat(page(view(Inner.class), 10).rows())
                    .containsExactly(new Inner(shop.orders.get(0), new Customer(7, "customer 7", null)));
        }

        @ComposedView(root = "orders", budget = "10s")
        record Required(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Customer customer) {}

        @Test
        void failIfARequiredRowIsAbsent() {
            order(1, 9L);

            assertThatExceptionOfType(AbsentPartException.class)
                    .isThrownBy(() -> page(view(Required.class), 10))
                    .withMessage(
                            "Required.customer is required, but source 'customers' has no row for key 9; make it a Part, or"
                                    + " leave such rows out by join = INNER");
        }

        @ComposedView(root = "orders", budget = "10s")
        record Each(
                @Root Order order,

                @Many(source = "products", via = "order.lines", key = "sku")
                List<Part<ProductName>> products) {}

        @Test
        void tellOfEachKeyWhetherThereIsARow() {
            order(1, null, "tea", "dust");
            shop.products.put("tea", new Product("tea", "Tea", 3));

            assertThat(page(view(Each.class), 10).rows().get(0).products())
                    .containsExactly(found(new ProductName("tea", "Tea")), new Part.Absent<>("dust"));
        }

        @Test
        void failIfARequiredListIsIncomplete() {
            order(1, null, "dust");

            assertThatExceptionOfType(AbsentPartException.class)
                    .isThrownBy(() -> page(view(OrderRow.class), 10))
                    .withMessageContaining("OrderRow.products is required")
                    .withMessageContaining("key dust");
        }

        @Test
        void goAroundRowsThatAreThere() {
            customer(7, null);
            Order order = new Order(1, 7L, List.of());

            Page<OrderRow> page = view(OrderRow.class).compose(List.of(order));

            assertThat(page.rows()).extracting(OrderRow::customer).containsExactly(found(known(7)));
        }

        @Test
        void goAroundNothingElse() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> view(OrderRow.class).compose(List.of("order")))
                    .withMessageContaining("OrderRow is composed around Order, not around order");
        }
    }

    @Nested
    class Pages {

        @ComposedView(root = "orders", budget = "10s")
        record Plain(@Root Order order) {}

        @Test
        void goOnBehindTheLastRow() {
            IntStream.range(0, 7).forEach(id -> order(id, null));
            View<Plain, Void> view = view(Plain.class);

            Page<Plain> first = view.page(null, Keyset.start(), 3);
            Page<Plain> second = view.page(null, first.nextPage().orElseThrow(), 3);
            Page<Plain> third = view.page(null, Keyset.parse(String.valueOf(second.next())), 3);

            assertThat(Stream.of(first, second, third).flatMap(page -> page.rows().stream()))
                    .extracting(row -> row.order().id())
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(third.nextPage()).isEmpty();
        }

        @Test
        void loseNoRowsOfASliceThatIsTooLong() {
            class TooMany {
                @RootSource(name = "orders", sort = "id")
                Slice<Order> page(Keyset at, int limit) {
                    long after = at.isStart() ? 0 : at.get(0, Long.class);
                    return new Slice<>(
                            IntStream.rangeClosed(1, 7)
                                    .filter(id -> id > after)
                                    .mapToObj(id -> new Order(id, null, List.of()))
                                    .toList(),
                            false);
                }
            }
            compositions = Compositions.builder()
                    .sources(new TooMany())
                    .views(Plain.class)
                    .build();

            assertThat(compositions
                            .view(Plain.class)
                            .pages(null, Keyset.start(), 3)
                            .flatMap(page -> page.rows().stream()))
                    .extracting(row -> row.order().id())
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        }

        @Test
        void refuseALimitThatIsOutOfBounds() {
            View<Plain, Void> view = view(Plain.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> view.page(null, Keyset.start(), 0))
                    .withMessage("limit must be between 1 and 10000, was 0");
        }

        @Test
        void refuseAKeysetThatAClientHasMadeUpBeforeAnybodyIsAsked() {
            View<Plain, Void> view = view(Plain.class);
            assertThatExceptionOfType(InvalidKeysetException.class)
                    .isThrownBy(() -> view.page(null, Keyset.after("seven"), 3))
                    .withMessage("no keyset of Plain: a keyset's value is 'seven', which is no Long");
        }

        @Test
        void refuseAKeysetOfAnotherView() {
            View<Plain, Void> view = view(Plain.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> view.page(null, Keyset.after(1, 2), 3))
                    .withMessage("a keyset of Plain has 1 values, this one has 2");
        }

        @Test
        void refuseRowsThatAreNotInTheOrderThatWasDeclared() {
            class Unsorted {
                @RootSource(name = "orders", sort = "id desc")
                List<Order> page(Keyset at, int limit) {
                    return List.of(new Order(1, null, List.of()), new Order(2, null, List.of()));
                }
            }
            compositions = Compositions.builder()
                    .sources(new Unsorted())
                    .views(Plain.class)
                    .build();
            View<Plain, Void> view = compositions.view(Plain.class);
            assertThatExceptionOfType(CompositionException.class)
                    .isThrownBy(() -> view.page(null, Keyset.start(), 10))
                    .withMessageContaining("sorts by [id desc], but its rows 1 and 2 are not in that order");
        }

        record Ticket(UUID id, String title) {}

        @ComposedView(root = "tickets", budget = "10s")
        record TicketRow(@Root Ticket ticket) {}

        /** PostgreSQL compares UUIDs without a sign, and text by the rules of a language. */
        @Test
        void acceptOrdersThatDatabasesHaveTheirOwnIdeasOf() {
            class Tickets {
                @RootSource(
                        name = "tickets",
                        sort = {"title", "id"})
                List<Ticket> page(Keyset at, int limit) {
                    UUID small = UUID.fromString("00000000-0000-0000-0000-000000000001");
                    UUID great = UUID.fromString("ff000000-0000-0000-0000-000000000001");
                    return List.of(
                            new Ticket(small, "apple"),
                            new Ticket(great, "apple"),
                            new Ticket(small, "Banana"),
                            new Ticket(small, "cherry"));
                }
            }
            compositions = Compositions.builder()
                    .sources(new Tickets())
                    .views(TicketRow.class)
                    .build();

            assertThat(page(compositions.view(TicketRow.class), 10).rows()).hasSize(4);
        }

        @Test
        void refuseRowsThatTheirOrderDoesNotTellApart() {
            order(1, null);
            order(1, null);
            View<Plain, Void> view = view(Plain.class);
            assertThatExceptionOfType(CompositionException.class)
                    .isThrownBy(() -> view.page(null, Keyset.start(), 10))
                    .withMessageContaining("its rows 1 and 2 are equal in that");
        }
    }

    @Nested
    class Failures {

        @Test
        void ofASourceLeaveTheOtherPartsAlone() {
            order(1, 7L);
            customer(7, 70L);
            shop.customersDo = () -> {
                throw new ConnectException("refused");
            };

            Page<OrderRow> page = page(view(OrderRow.class), 10);

            OrderRow row = page.rows().get(0);
            assertThat(row.customer()).isEqualTo(new Part.Unavailable<>("customers", Cause.CONNECTION, null));
            assertThat(row.address()).isEqualTo(new Part.Unavailable<>("addresses", Cause.DEPENDENCY, null));
            assertThat(row.shipments()).isEqualTo(found(List.of()));
            assertThat(page.missing())
                    .containsExactlyInAnyOrder(
                            new Page.Missing("customer", "customers", Cause.CONNECTION, null, 1),
                            new Page.Missing("address", "addresses", Cause.DEPENDENCY, null, 1));
            assertThat(page.isComplete()).isFalse();
        }

        @Test
        void ofOneBatchLeaveTheRowsOfOthersAlone() {
            for (long i = 0; i < 6; i++) {
                order(i, i);
                customer(i, null);
            }
            AtomicInteger calls = new AtomicInteger();
            shop.customersDo = () -> {
                if (calls.incrementAndGet() == 2) {
                    throw new IllegalStateException("the second one");
                }
            };

            Page<OrderRow> page = page(view(OrderRow.class), 10);

            assertThat(page.rows())
                    .filteredOn(row -> row.customer() instanceof Part.Found<?>)
                    .hasSize(3);
            assertThat(page.missing()).contains(new Page.Missing("customer", "customers", Cause.ERROR, null, 3));
        }

        @ComposedView(root = "orders", budget = "30s")
        record Required(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Customer customer,

                @Many(source = "shipments", key = "order.id")
                Part<List<Shipment>> shipments) {}

        @Test
        void ofARequiredPartEndThePageAtOnce() {
            order(1, 7L);
            CountDownLatch interrupted = new CountDownLatch(1);
            CountDownLatch asked = new CountDownLatch(1);
            shop.shipmentsDo = () -> {
                asked.countDown();
                waitForInterrupt(interrupted);
            };
            shop.customersDo = () -> {
                asked.await();
                throw new IllegalStateException("out of order");
            };

            assertThatExceptionOfType(SourceUnavailableException.class)
                    .isThrownBy(() -> page(view(Required.class), 10))
                    .withMessageContaining(
                            "Required.customer is required, but source 'customers' is unavailable: ERROR")
                    .withMessageContaining("out of order")
                    .satisfies(thrown -> assertThat(thrown.kind()).isEqualTo(Cause.ERROR));
            assertThat(await(interrupted)).isTrue();
        }

        @Test
        void ofTheRootFailThePage() {
            class Broken {
                @RootSource(name = "orders", sort = "id")
                List<Order> page(Keyset at, int limit) throws ConnectException {
                    throw new ConnectException("refused");
                }
            }
            compositions = Compositions.builder()
                    .sources(new Broken())
                    .views(Pages.Plain.class)
                    .build();
            View<Pages.Plain, Void> view = compositions.view(Pages.Plain.class);
            assertThatExceptionOfType(SourceUnavailableException.class)
                    .isThrownBy(() -> view.page(null, Keyset.start(), 10))
                    .satisfies(thrown -> assertThat(thrown.source()).isEqualTo("orders"))
                    .withCauseInstanceOf(ConnectException.class);
        }

        @Test
        void areRowsThatNobodyAskedFor() {
            order(1, 7L);
            shop.customersDo = () -> shop.customers.put(7L, new Customer(-7, "another", null));

            assertThat(page(view(OrderRow.class), 10).rows().get(0).customer())
                    .isEqualTo(new Part.Unavailable<>("customers", Cause.UNKNOWN_KEY, null));
        }

        record Picky(long id, String name) {
            Picky {
                if (name.equals("customer 8")) {
                    throw new IllegalArgumentException("not this one");
                }
            }
        }

        record PickyName(String sku, String name) {
            PickyName {
                if (name.equals("Milk")) {
                    throw new IllegalArgumentException("not this one");
                }
            }
        }

        @ComposedView(root = "orders", budget = "10s")
        record PickyRow(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Part<Picky> customer,

                @Many(source = "products", via = "order.lines", key = "sku")
                Part<List<PickyName>> products,

                @Many(source = "products", via = "order.lines", key = "sku")
                List<Part<PickyName>> each) {}

        @Test
        void areRowsThatTheViewCannotTake() {
            order(1, 7L, "tea");
            order(2, 8L, "tea", "milk");
            customer(7, null);
            customer(8, null);
            shop.products.put("tea", new Product("tea", "Tea", 3));
            shop.products.put("milk", new Product("milk", "Milk", 1));

            Page<PickyRow> page = page(view(PickyRow.class), 10);

            Part<Object> unreadable = new Part.Unavailable<>("customers", Cause.UNREADABLE, null);
            Part<Object> unreadableProduct = new Part.Unavailable<>("products", Cause.UNREADABLE, null);
            PickyName tea = new PickyName("tea", "Tea");
            assertThat(page.rows().get(0))
                    .isEqualTo(new PickyRow(
                            shop.orders.get(0),
                            found(new Picky(7, "customer 7")),
                            found(List.of(tea)),
                            List.of(found(tea))));
            assertThat(page.rows().get(1).customer()).isEqualTo(unreadable);
            assertThat(page.rows().get(1).products()).isEqualTo(unreadableProduct);
            assertThat(page.rows().get(1).each()).isEqualTo(List.of(found(tea), unreadableProduct));
        }

        @Test
        void areNoNullsInPlaceOfRows() {
            class Positional {
                @Source(name = "customers", id = "id")
                List<@Nullable Customer> customers(Set<Long> ids) {
                    return Arrays.asList(null, new Customer(7, "seven", null), null);
                }
            }
            compositions = Compositions.builder()
                    .sources(new Joins.RootOnly(shop), new Positional())
                    .views(Joins.Inner.class)
                    .build();
            order(1, 7L);
            order(2, 8L);

            assertThat(page(compositions.view(Joins.Inner.class), 10).rows()).hasSize(1);
        }

        @Test
        void areTwoRowsForOneKey() {
            order(1, 7L);
            order(2, 8L);
            customer(7, null);
            shop.customersDo = () -> shop.customers.put(8L, new Customer(7, "again", null));

            List<OrderRow> rows = page(view(OrderRow.class), 10).rows();

            assertThat(rows.get(0).customer()).isEqualTo(new Part.Unavailable<>("customers", Cause.DUPLICATE, null));
            assertThat(rows.get(1).customer()).isEqualTo(new Part.Absent<>(8L));
        }
    }

    @Nested
    class Budgets {

        @ComposedView(root = "orders", budget = "2s")
        record Quick(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Part<Customer> customer,

                @Many(source = "shipments", key = "order.id")
                Part<List<Shipment>> shipments) {}

        @Test
        void endThePageWithWhatThereIs() {
            order(1, 7L);
            customer(7, null);
            CountDownLatch interrupted = new CountDownLatch(1);
            shop.shipmentsDo = () -> waitForInterrupt(interrupted);

            long start = System.nanoTime();
            Page<Quick> page = page(view(Quick.class), 10);

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(30));
            assertThat(page.rows().get(0).customer()).isEqualTo(found(known(7)));
            assertThat(page.rows().get(0).shipments())
                    .isEqualTo(new Part.Unavailable<>("shipments", Cause.TIMEOUT, null));
            assertThat(await(interrupted)).isTrue();
        }

        @Test
        void sayThatASourceWasNotAskedForLackOfAPermit() {
            order(1, 7L);
            CountDownLatch release = new CountDownLatch(1);
            shop.customersDo = () -> uninterruptibly(release);
            compositions = Compositions.builder()
                    .sources(shop)
                    .views(Quick.class)
                    .concurrency("customers", 1)
                    .build();
            View<Quick, Void> view = compositions.view(Quick.class);

            Page<Quick> first = page(view, 10);
            Page<Quick> second = page(view, 10);
            release.countDown();

            assertThat(first.missing()).contains(new Page.Missing("customer", "customers", Cause.TIMEOUT, null, 1));
            assertThat(second.missing()).contains(new Page.Missing("customer", "customers", Cause.NO_PERMIT, null, 1));
        }

        @Test
        void reachTheSource() {
            AtomicReference<@Nullable Duration> left = new AtomicReference<>();
            order(1, 7L);
            shop.customersDo = () -> left.set(Budget.current().orElseThrow().remaining());

            page(view(Quick.class), 10);

            assertThat(left.get()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(2));
        }
    }

    @Nested
    class LateRequiredParts {

        @ComposedView(root = "orders", budget = "2s")
        record Required(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Customer customer) {}

        /** Also those behind the one that ends the page. */
        @Test
        void leaveNoCallBehind() {
            for (long i = 0; i < 9; i++) {
                order(i, i);
            }
            CountDownLatch interrupted = new CountDownLatch(3);
            shop.customersDo = () -> waitForInterrupt(interrupted);

            assertThatExceptionOfType(SourceUnavailableException.class)
                    .isThrownBy(() -> page(view(Required.class), 10))
                    .satisfies(thrown -> assertThat(thrown.kind()).isEqualTo(Cause.TIMEOUT));
            assertThat(await(interrupted)).isTrue();
        }
    }

    @Nested
    class Interrupts {

        @Test
        void endThePageAndItsCalls() throws InterruptedException {
            order(1, 7L);
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            shop.customersDo = () -> {
                asked.countDown();
                waitForInterrupt(interrupted);
            };
            View<OrderRow, Void> view = view(OrderRow.class);
            AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    page(view, 10);
                } catch (CompositionException expected) {
                    thrown.set(Thread.currentThread().isInterrupted() ? expected : null);
                }
            });
            reader.start();
            assertThat(await(asked)).isTrue();
            reader.interrupt();
            reader.join();

            assertThat(thrown.get()).hasMessage("OrderRow: interrupted while it waited for sources");
            assertThat(await(interrupted)).isTrue();
        }

        @Test
        void endTheCallOfTheRoot() throws InterruptedException {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            class Hanging {
                @RootSource(name = "orders", sort = "id")
                List<Order> page(Keyset at, int limit) throws InterruptedException {
                    asked.countDown();
                    waitForInterrupt(interrupted);
                    return List.of();
                }
            }
            compositions = Compositions.builder()
                    .sources(new Hanging())
                    .views(Pages.Plain.class)
                    .build();
            View<Pages.Plain, Void> view = compositions.view(Pages.Plain.class);
            Thread reader = new Thread(() -> {
                try {
                    page(view, 10);
                } catch (CompositionException expected) {
                    // that is what the other test is about
                }
            });
            reader.start();
            assertThat(await(asked)).isTrue();
            reader.interrupt();
            reader.join();

            assertThat(await(interrupted)).isTrue();
        }
    }

    @Nested
    class Threads {

        @Test
        void areNeverThoseOfTheCommonPool() {
            order(1, 7L);

            ForkJoinPool.commonPool()
                    .submit(() -> page(view(OrderRow.class), 10))
                    .join();

            Thread caller = shop.caller.get();
            assertThat(caller).isNotNull().isNotInstanceOf(ForkJoinWorkerThread.class);
            assertThat(String.valueOf(caller)).contains("composition-");
        }

        @Test
        void areLimitedByAPage() {
            Gauge gauge = new Gauge();
            for (long i = 0; i < 60; i++) {
                order(i, i);
            }
            shop.customersDo = gauge::pass;
            compositions = Compositions.builder()
                    .sources(shop)
                    .views(OrderRow.class)
                    .concurrency(20)
                    .concurrencyOfPage(4)
                    .build();

            page(compositions.view(OrderRow.class), 100);

            assertThat(gauge.peak.get()).isBetween(1, 4);
            assertThat(gauge.passed.get()).isEqualTo(20);
        }

        @Test
        void areLimitedByASource() {
            Gauge gauge = new Gauge();
            for (long i = 0; i < 60; i++) {
                order(i, i);
            }
            shop.customersDo = gauge::pass;
            compositions = Compositions.builder()
                    .sources(shop)
                    .views(OrderRow.class)
                    .concurrency("customers", 3)
                    .build();
            View<OrderRow, Void> view = compositions.view(OrderRow.class);

            List<CompletableFuture<Void>> pages = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                pages.add(CompletableFuture.runAsync(() -> page(view, 100), task -> new Thread(task).start()));
            }
            pages.forEach(CompletableFuture::join);

            assertThat(gauge.peak.get()).isBetween(1, 3);
            assertThat(gauge.passed.get()).isEqualTo(100);
        }
    }

    /** Counts who is in it at once. */
    private static final class Gauge {

        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger peak = new AtomicInteger();
        private final AtomicInteger passed = new AtomicInteger();

        void pass() throws InterruptedException {
            int now = inside.incrementAndGet();
            peak.accumulateAndGet(now, Math::max);
            new Semaphore(0).tryAcquire(2, TimeUnit.MILLISECONDS); // long enough to meet others
            passed.incrementAndGet();
            inside.decrementAndGet();
        }
    }

    private static void waitForInterrupt(CountDownLatch interrupted) throws InterruptedException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException expected) {
            interrupted.countDown();
            throw expected;
        }
    }

    private static void uninterruptibly(CountDownLatch release) {
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
