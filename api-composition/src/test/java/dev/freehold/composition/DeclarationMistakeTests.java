package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** What is wrong with a declaration is refused at start, with what to do. */
@SuppressWarnings("unused") // what is declared here is never called
class DeclarationMistakeTests {

    record Line(String sku, int quantity) {}

    record Order(long id, UUID customerId, String status, List<Line> lines, List<String> tags, Object other) {}

    record Customer(UUID id, String name, long addressId) {}

    record Address(long id, String city, long countryId, UUID ownerId) {}

    record Country(long id, String name, long continentId) {}

    record Continent(long id, String name) {}

    record Product(String sku, String name) {}

    record Shipment(long id, long orderId) {}

    record Filter(String status) {}

    /** Has one property, and two methods whose names begin like getters'. */
    interface Book {
        String getTitle();

        String isbn();

        String getaway();
    }

    /** Sources without a mistake. */
    static class Good {
        @RootSource(name = "orders", sort = "id", filters = "status")
        List<Order> orders(Filter filter, Keyset at, int limit) {
            return List.of();
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<UUID> ids) {
            return List.of();
        }

        @Source(name = "addresses", id = "id")
        List<Address> addresses(Set<Long> ids) {
            return List.of();
        }

        @Source(name = "countries", id = "id")
        List<Country> countries(Set<Long> ids) {
            return List.of();
        }

        @Source(name = "continents", id = "id")
        List<Continent> continents(Set<Long> ids) {
            return List.of();
        }

        @Source(name = "products")
        Map<String, Product> products(Set<String> skus) {
            return Map.of();
        }

        @Source(name = "shipments", groupBy = "orderId")
        List<Shipment> shipments(Set<Long> orderIds) {
            return List.of();
        }
    }

    @ComposedView(root = "orders", budget = "400ms")
    record GoodView(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @One(source = "addresses", key = "customer.addressId")
            Part<Address> address,

            @Many(source = "shipments", key = "order.id") Part<List<Shipment>> shipments,

            @Many(source = "products", via = "order.lines", key = "sku")
            List<Product> products) {}

    @Test
    void acceptsWhatIsRight() {
        try (Compositions compositions =
                Compositions.builder().sources(new Good()).views(GoodView.class).build()) {
            assertThat(compositions.plans()).extracting(Plan::name).containsExactly("GoodView");
        }
    }

    private static void refuses(Object source, String what, String fix) {
        expect(Compositions.builder().sources(source), what, fix);
    }

    private static void refuses(Class<?> view, String what, String fix) {
        expect(Compositions.builder().sources(new Good()).views(view), what, fix);
    }

    private static void expect(CompositionsBuilder builder, String what, String fix) {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(builder::build)
                .satisfies(refused -> assertThat(refused.problems()).hasSize(1))
                .withMessageContaining(what)
                .withMessageContaining(fix);
    }

    @Test
    void tellsAllMistakesAtOnce() {
        class Several {
            @Source(name = "one")
            List<Customer> one(Set<UUID> ids) {
                return List.of();
            }

            @Source(name = "two", id = "nothing")
            List<Customer> two(Set<UUID> ids) {
                return List.of();
            }
        }
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(Compositions.builder().sources(new Several())::build)
                .satisfies(refused -> assertThat(refused.problems()).hasSize(2));
    }

    @Nested
    class Sources {

        @Test
        void withoutAName() {
            refuses(
                    new Object() {
                        @Source(name = " ", id = "id")
                        List<Customer> find(Set<UUID> ids) {
                            return List.of();
                        }
                    },
                    "has no name",
                    "@Source(name = \"customers\")");
        }

        @Test
        void withTheNameOfAnother() {
            class Two {
                @Source(name = "customers", id = "id")
                List<Customer> one(Set<UUID> ids) {
                    return List.of();
                }

                @Source(name = "customers", id = "id")
                List<Customer> two(Set<UUID> ids) {
                    return List.of();
                }
            }
            refuses(new Two(), "is named 'customers', as Two.", "Give one of them another name");
        }

        @Test
        void withTheNameOfARoot() {
            class Two {
                @Source(name = "orders", id = "id")
                List<Order> byIds(Set<Long> ids) {
                    return List.of();
                }

                @RootSource(name = "orders", sort = "id")
                List<Order> page(Keyset at, int limit) {
                    return List.of();
                }
            }
            refuses(new Two(), "is named 'orders', as Two.byIds is", "Give one of them another name");
        }

        @Test
        void withIdAndGroupBy() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id", groupBy = "id")
                        List<Customer> find(Set<UUID> ids) {
                            return List.of();
                        }
                    },
                    "has both id and groupBy",
                    "groupBy = \"…\" if it may have many");
        }

        private void refusesCache(Object source, @Nullable String cache, String what, String fix) {
            CompositionsBuilder builder = Compositions.builder().sources(source);
            if (cache != null) {
                builder.caches(new ConcurrentMapCacheManager(cache));
            }
            expect(builder, what, fix);
        }

        @Test
        void withACacheWhereThereAreNone() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", cache = "s", forEverybody = true)
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    null,
                    "has the cache 's', but there is no CacheManager",
                    "spring-boot-starter-cache");
        }

        @Test
        void withACacheThatIsNotThere() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", cache = "custmers", forEverybody = true)
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "customers",
                    "has the cache 'custmers', which is not there",
                    "Did you mean 'customers'?");
        }

        @Test
        void withACacheForNobodyKnowsWhom() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", cache = "s")
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "s",
                    "nobody says for whom its answers are good",
                    "forEverybody = true");
        }

        @Test
        void withACacheOfWhatIsInMemory() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", cache = "s", forEverybody = true, inline = true)
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "s",
                    "is inline and has a cache",
                    "needs no cache");
        }

        @Test
        void withStaleAnswersThatAreNeverStale() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", cache = "s", forEverybody = true, staleFor = "10m")
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "s",
                    "has staleFor without freshFor",
                    "Say freshFor, too");
        }

        @Test
        void withAnswersThatAreStaleBeforeTheyAreNotFresh() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", cache = "s", forEverybody = true, freshFor = "10m", staleFor = "1m")
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "s",
                    "no longer than freshFor",
                    "Make it longer");
        }

        @Test
        void withATimeForNoCache() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", freshFor = "10m")
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "s",
                    "has freshFor or staleFor, but no cache",
                    "cache = \"products\"");
        }

        @Test
        void withATimeThatIsNone() {
            refusesCache(
                    new Object() {
                        @Source(name = "s", cache = "s", forEverybody = true, freshFor = "soon")
                        Map<Long, Customer> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "s",
                    "has freshFor = \"soon\"",
                    "such as 10m");
        }

        @Test
        void withAHedgeAtNoTime() {
            class Bad {
                @Source(name = "customers", id = "id", hedgeAfter = "p100")
                List<Customer> find(Set<UUID> ids) {
                    return List.of();
                }
            }
            refuses(new Bad(), "has hedgeAfter = \"p100\"", "or p50 to p99");
        }

        @Test
        void withAHedgeOnTheThreadOfThePage() {
            class Bad {
                @Source(name = "customers", id = "id", hedgeAfter = "20ms", inline = true)
                List<Customer> find(Set<UUID> ids) {
                    return List.of();
                }
            }
            refuses(new Bad(), "is inline and has hedgeAfter", "Leave one out");
        }

        @Test
        void withALimitForOneRow() {
            class Bad {
                @Source(name = "customers", id = "id")
                List<Customer> find(Set<UUID> ids, int limit) {
                    return List.of();
                }
            }
            refuses(new Bad(), "takes a limit, but has one row for a key", "Leave the int out");
        }

        @Test
        void withALimitAndACache() {
            class Bad {
                @Source(name = "shipments", groupBy = "orderId", cache = "shipments", forEverybody = true)
                List<Shipment> find(Set<Long> ids, int limit) {
                    return List.of();
                }
            }
            refusesCache(new Bad(), "shipments", "takes a limit and has a cache", "Leave one out");
        }

        @Test
        void withUrlsThatHaveNoRoom() {
            class Bad {
                @Source(name = "customers", id = "id", maxUrlBytes = 20)
                List<Customer> find(Set<UUID> ids) {
                    return List.of();
                }
            }
            refuses(new Bad(), "has maxUrlBytes = 20", "Say 200 to 1000000");
        }

        @Test
        void withAMapOfStreams() {
            refuses(
                    new Object() {
                        @Source(name = "s")
                        Map<Long, Stream<Shipment>> find(Set<Long> ids) {
                            return Map.of();
                        }
                    },
                    "returns a map of streams",
                    "Return a map of lists");
        }

        @Test
        void withPrimitiveRows() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        long[] find(Set<Long> ids) {
                            return new long[0];
                        }
                    },
                    "takes many keys, but returns long[]",
                    "Return a collection of rows");
        }

        @Test
        void withRowsWhoseMethodsLookLikeGetters() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "bn")
                        List<Book> find(Set<String> ids) {
                            return List.of();
                        }
                    },
                    "reads 'bn' of its rows",
                    "it has [title]");
        }

        @Test
        void withTwoLimits() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        List<Order> page(Keyset at, int limit, int offset) {
                            return List.of();
                        }
                    },
                    "has 2 parameters of type int",
                    "one limit");
        }

        @Test
        void withTwoKeysets() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        List<Order> page(Keyset from, Keyset to, int limit) {
                            return List.of();
                        }
                    },
                    "has 2 parameters of type Keyset",
                    "one place where the rows begin");
        }

        @Test
        void withNeitherIdNorGroupBy() {
            refuses(
                    new Object() {
                        @Source(name = "s")
                        List<Customer> find(Set<UUID> ids) {
                            return List.of();
                        }
                    },
                    "does not say which property of a row is its key",
                    "id = \"…\"");
        }

        @Test
        void withAnIdAndAMap() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        Map<UUID, Customer> find(Set<UUID> ids) {
                            return Map.of();
                        }
                    },
                    "returns a map, which tells the key already",
                    "Leave it out");
        }

        @Test
        void withAnIdAndOneKey() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        Optional<Customer> find(UUID id) {
                            return Optional.empty();
                        }
                    },
                    "is asked for one key, which tells the key already",
                    "Leave it out");
        }

        @Test
        void withAnIdThatRowsDoNotHave() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "number")
                        List<Customer> find(Set<UUID> ids) {
                            return List.of();
                        }
                    },
                    "reads 'number' of its rows",
                    "it has [addressId, id, name]");
        }

        @Test
        void withKeysOfAnotherTypeThanTheId() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        List<Customer> find(Set<String> ids) {
                            return List.of();
                        }
                    },
                    "takes keys of String, but 'id' of its rows is UUID",
                    "Use one type for both");
        }

        @Test
        void withAMapOfOtherKeys() {
            refuses(
                    new Object() {
                        @Source(name = "s")
                        Map<String, Customer> find(Set<UUID> ids) {
                            return Map.of();
                        }
                    },
                    "takes keys of UUID, but returns a map with keys of String",
                    "Use one type for both");
        }

        @Test
        void withoutKeys() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        List<Customer> find(Budget budget) {
                            return List.of();
                        }
                    },
                    "takes no keys",
                    "one parameter for keys");
        }

        @Test
        void withTwoParametersForKeys() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        List<Customer> find(Set<UUID> ids, String tenant) {
                            return List.of();
                        }
                    },
                    "has 2 parameters that could be keys",
                    "one parameter for keys");
        }

        @Test
        void withKeysOfNoKnownType() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        List<Customer> find(Set<?> ids) {
                            return List.of();
                        }
                    },
                    "The type of its keys is not known",
                    "a UUID");
        }

        @Test
        void withArraysAsKeys() {
            refuses(
                    new Object() {
                        @Source(name = "s")
                        Map<byte[], Customer> find(Set<byte[]> ids) {
                            return Map.of();
                        }
                    },
                    "Its keys are arrays",
                    "one form for each value");
        }

        @Test
        void withDecimalsAsKeys() {
            refuses(
                    new Object() {
                        @Source(name = "s")
                        Map<BigDecimal, Customer> find(Set<BigDecimal> ids) {
                            return Map.of();
                        }
                    },
                    "whose 1.0 and 1.00 are different keys",
                    "numbers without a fraction");
        }

        @Test
        void withFloatingPointKeys() {
            refuses(
                    new Object() {
                        @Source(name = "s")
                        Map<Double, Customer> find(Set<Double> ids) {
                            return Map.of();
                        }
                    },
                    "floating-point",
                    "numbers without a fraction");
        }

        @Test
        void withKeysThatHaveNoEquals() {
            class Key {}
            refuses(
                    new Object() {
                        @Source(name = "s")
                        Map<Key, Customer> find(Set<Key> ids) {
                            return Map.of();
                        }
                    },
                    "has no equals of its own",
                    "a record");
        }

        @Test
        void withACollectionThatIsTooSpecial() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        List<Customer> find(HashSet<UUID> ids) {
                            return List.of();
                        }
                    },
                    "Its keys are collections",
                    "one form for each value");
        }

        @Test
        void thatReturnNothing() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        void find(Set<UUID> ids) {}
                    },
                    "returns nothing",
                    "Return the rows");
        }

        @Test
        void thatReturnOneRowForManyKeys() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        Customer find(Set<UUID> ids) {
                            throw new UnsupportedOperationException();
                        }
                    },
                    "takes many keys, but returns",
                    "Return a collection of rows");
        }

        @Test
        void thatDoNotSayWhatTheirRowsAre() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id")
                        List<?> find(Set<UUID> ids) {
                            return List.of();
                        }
                    },
                    "does not say what its rows are",
                    "List<Customer> instead of List");
        }

        @Test
        void withAnAnswerThatIsTooLarge() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id", maxRows = 0)
                        List<Customer> find(Set<UUID> ids) {
                            return List.of();
                        }
                    },
                    "has maxRows = 0",
                    "Say 1 to 1000000");
        }

        @Test
        void withABatchThatIsTooLarge() {
            refuses(
                    new Object() {
                        @Source(name = "s", id = "id", maxBatch = 10_001)
                        List<Customer> find(Set<UUID> ids) {
                            return List.of();
                        }
                    },
                    "has maxBatch = 10001",
                    "Say 1 to 10000");
        }
    }

    @Nested
    class RootSources {

        @Test
        void withoutAName() {
            refuses(
                    new Object() {
                        @RootSource(name = "", sort = "id")
                        List<Order> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "has no name",
                    "@RootSource(name = \"orders\"");
        }

        @Test
        void withoutAnOrder() {
            refuses(
                    new Object() {
                        @RootSource(
                                name = "r",
                                sort = {})
                        List<Order> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "does not say what its rows are sorted by",
                    "sort = {\"createdAt\", \"id\"}");
        }

        @Test
        void sortedByWhatRowsDoNotHave() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "createdAt")
                        List<Order> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "sorts by 'createdAt'",
                    "it has [customerId, id");
        }

        @Test
        void sortedByWhatCannotBeCompared() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "lines")
                        List<Order> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "sorts by 'lines', which is not comparable",
                    "Sort by something that is");
        }

        @Test
        void sortedInAWayThatCannotBeRead() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id downwards")
                        List<Order> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "sorts by 'id downwards'",
                    "createdAt desc");
        }

        @Test
        void withoutAKeyset() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        List<Order> page(int limit) {
                            return List.of();
                        }
                    },
                    "takes no Keyset",
                    "Add a parameter of that type");
        }

        @Test
        void withoutALimit() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        List<Order> page(Keyset at) {
                            return List.of();
                        }
                    },
                    "takes no limit",
                    "Add a parameter of type int");
        }

        @Test
        void withTwoFilters() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        List<Order> page(Filter one, Filter two, Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "has 2 parameters that could be the filter",
                    "components of one record");
        }

        @Test
        void withAFilterThatIsNoRecord() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        List<Order> page(String filter, Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "filters by String, which is no record",
                    "Make it a record");
        }

        @Test
        void withFiltersButNoFilter() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id", filters = "status")
                        List<Order> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "declares filters, but takes none",
                    "a record with status");
        }

        @Test
        void withAFilterThatIsNotThere() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id", filters = "state")
                        List<Order> page(Filter filter, Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "declares filter 'state', which Filter does not have",
                    "Did you mean 'status'?");
        }

        @Test
        void thatReturnSomethingElse() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        Collection<Order> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "returns Collection<DeclarationMistakeTests.Order>",
                    "Return List<R>, or Slice<R>");
        }

        @Test
        void thatDoNotSayWhatTheirRowsAre() {
            refuses(
                    new Object() {
                        @RootSource(name = "r", sort = "id")
                        List<?> page(Keyset at, int limit) {
                            return List.of();
                        }
                    },
                    "does not say what its rows are",
                    "List<Order> instead of List");
        }
    }

    @Nested
    class Views {

        @ComposedView(root = "orders")
        static class NoRecord {}

        @Test
        void thatAreNoRecord() {
            refuses(NoRecord.class, "is no record", "Make it one");
        }

        record NoAnnotation(@Root Order order) {}

        @Test
        void withoutTheAnnotation() {
            refuses(NoAnnotation.class, "has no @ComposedView", "Add it");
        }

        @ComposedView(root = "order")
        record UnknownRoot(@Root Order order) {}

        @Test
        void ofARootThatIsNotThere() {
            refuses(UnknownRoot.class, "has root 'order', which is no root source", "Did you mean 'orders'?");
        }

        @ComposedView(root = "customers")
        record SourceAsRoot(@Root Customer customer) {}

        @Test
        void ofASourceThatIsNoRoot() {
            refuses(
                    SourceAsRoot.class,
                    "has root 'customers', which is no root source",
                    "a view begins with a @RootSource");
        }

        @ComposedView(root = "orders")
        record NoRoot(
                @One(source = "customers", key = "order.customerId")
                Customer customer) {}

        @Test
        void withoutARootComponent() {
            refuses(NoRoot.class, "has 0 components with @Root", "Exactly one");
        }

        @ComposedView(root = "orders")
        record TwoRoots(@Root Order order, @Root Order again) {}

        @Test
        void withTwoRootComponents() {
            refuses(TwoRoots.class, "has 2 components with @Root", "Exactly one");
        }

        @ComposedView(root = "orders")
        record OtherRoot(@Root Customer order) {}

        @Test
        void whoseRootIsOfAnotherType() {
            refuses(OtherRoot.class, "is Customer, but root source 'orders' has rows of Order", "Use that type");
        }

        @ComposedView(root = "orders", budget = "soon")
        record NoBudget(@Root Order order) {}

        @Test
        void whoseBudgetCannotBeRead() {
            refuses(NoBudget.class, "has budget 'soon'", "such as 400ms");
        }

        @ComposedView(root = "orders", budget = "1h")
        record LongBudget(@Root Order order) {}

        @Test
        void whoseBudgetIsOutOfBounds() {
            refuses(LongBudget.class, "has budget '1h'", "1ms to 10m");
        }

        @ComposedView(root = "orders")
        record Unsaid(@Root Order order, Customer customer) {}

        @Test
        void withAComponentThatSaysNothing() {
            refuses(Unsaid.class, "Unsaid.customer has no annotation", "@Root, @One or @Many");
        }

        @ComposedView(root = "orders")
        record Twice(
                @Root Order order,

                @One(source = "customers", key = "order.customerId") @Many(source = "shipments", key = "order.id")
                Part<Customer> customer) {}

        @Test
        void withAComponentThatSaysTwoThings() {
            refuses(Twice.class, "Twice.customer has more than one annotation", "@Root, @One or @Many");
        }

        @ComposedView(root = "orders")
        record UnknownSource(
                @Root Order order,

                @One(source = "custmers", key = "order.customerId")
                Part<Customer> customer) {}

        @Test
        void ofASourceThatIsNotThere() {
            refuses(UnknownSource.class, "has source 'custmers', which is not there", "Did you mean 'customers'?");
        }

        @ComposedView(root = "orders")
        record OneOfMany(
                @Root Order order,
                @One(source = "shipments", key = "order.id") Part<Shipment> shipment) {}

        @Test
        void withOneOfManyRows() {
            refuses(OneOfMany.class, "is @One, but source 'shipments' may have many rows for a key", "Use @Many");
        }

        @ComposedView(root = "orders")
        record ManyOfOne(
                @Root Order order,

                @Many(source = "customers", key = "order.customerId")
                List<Customer> customers) {}

        @Test
        void withManyOfOneRow() {
            refuses(ManyOfOne.class, "is @Many, but source 'customers' has one row a key", "Use @One");
        }

        @ComposedView(root = "orders")
        record ListOfOne(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                List<Customer> customer) {}

        @Test
        void withAListOfOneRow() {
            refuses(ListOfOne.class, "is @One, but a list", "Use @Many");
        }

        @ComposedView(root = "orders")
        record SetOfMany(
                @Root Order order,

                @Many(source = "shipments", key = "order.id")
                Set<Shipment> shipments) {}

        @Test
        void withManyRowsInSomethingElseThanAList() {
            refuses(SetOfMany.class, "is @Many, but Set<", "Use List<R>, Part<List<R>>");
        }

        @ComposedView(root = "orders")
        record PartsOfMany(
                @Root Order order,

                @Many(source = "shipments", key = "order.id")
                List<Part<Shipment>> shipments) {}

        @Test
        void withAPartOfEachRowOfAGroup() {
            refuses(PartsOfMany.class, "is List<Part<", "use Part<List<R>>");
        }

        @ComposedView(root = "orders")
        record PartsInAPart(
                @Root Order order,

                @Many(source = "products", via = "order.lines", key = "sku")
                Part<List<Part<Product>>> products) {}

        @Test
        void withPartsInAPart() {
            refuses(PartsInAPart.class, "is Part<List<Part<", "Use one Part only");
        }

        @ComposedView(root = "orders")
        record OptionalOne(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Optional<Customer> customer) {}

        @Test
        void withAnOptional() {
            refuses(OptionalOne.class, "but source 'customers' has rows of", "in place of Optional use Part");
        }

        record CustomerEmail(UUID id, String email) {}

        @ComposedView(root = "orders")
        record Projected(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Part<CustomerEmail> customer) {}

        @Test
        void withAProjectionOfWhatIsNotThere() {
            refuses(
                    Projected.class,
                    "is CustomerEmail, whose 'email' of type String is no property of DeclarationMistakeTests.Customer",
                    "That has addressId: long, id: UUID, name: String");
        }

        @ComposedView(root = "orders")
        record UnknownProperty(
                @Root Order order,

                @One(source = "customers", key = "order.customer")
                Part<Customer> customer) {}

        @Test
        void withAKeyThatIsNotThere() {
            refuses(UnknownProperty.class, "takes its keys from 'order.customer'", "it has [customerId, id");
        }

        @ComposedView(root = "orders")
        record UnknownComponent(
                @Root Order order,

                @One(source = "customers", key = "ordr.customerId")
                Part<Customer> customer) {}

        @Test
        void withAKeyOfAComponentThatIsNotThere() {
            refuses(UnknownComponent.class, "and UnknownComponent has no component 'ordr'", "Did you mean 'order'?");
        }

        @ComposedView(root = "orders")
        record OtherKey(
                @Root Order order,
                @One(source = "customers", key = "order.id") Part<Customer> customer) {}

        @Test
        void withKeysOfAnotherType() {
            refuses(OtherKey.class, "has keys of long, but source 'customers' takes UUID", "Use one type for both");
        }

        @ComposedView(root = "orders")
        record NoKey(
                @Root Order order,
                @One(source = "customers", key = "") Part<Customer> customer) {}

        @Test
        void withoutAKey() {
            refuses(NoKey.class, "has no key", "key = \"order.customerId\"");
        }

        @ComposedView(root = "orders")
        record ComponentAsKey(
                @Root Order order,
                @One(source = "customers", key = "order") Part<Customer> customer) {}

        @Test
        void withAComponentAsKey() {
            refuses(ComponentAsKey.class, "has key 'order', which is a component", "Name a property of it");
        }

        @ComposedView(root = "orders")
        record CollectionAsKey(
                @Root Order order,

                @One(source = "products", key = "order.tags")
                Part<Product> product) {}

        @Test
        void withACollectionAsKey() {
            refuses(CollectionAsKey.class, "has key 'order.tags', which is a collection", "via = \"order.tags\"");
        }

        @ComposedView(root = "orders")
        record ThroughCollection(
                @Root Order order,

                @One(source = "products", key = "order.lines.sku")
                Part<Product> product) {}

        @Test
        void withAKeyInACollection() {
            refuses(ThroughCollection.class, "'sku' is looked for in a collection", "@Many(via = ");
        }

        @ComposedView(root = "orders")
        record ViaNoCollection(
                @Root Order order,

                @Many(source = "products", via = "order.status")
                List<Product> products) {}

        @Test
        void viaWhatIsNoCollection() {
            refuses(
                    ViaNoCollection.class,
                    "goes via 'order.status', which is String and no collection",
                    "leave via out");
        }

        @ComposedView(root = "orders")
        record Circle(
                @Root Order order,

                @One(source = "addresses", key = "customer.addressId")
                Part<Address> address,

                @One(source = "customers", key = "address.ownerId")
                Part<Customer> customer) {}

        @Test
        void thatGoInACircle() {
            assertThatExceptionOfType(InvalidDeclarationException.class)
                    .isThrownBy(Compositions.builder().sources(new Good()).views(Circle.class)::build)
                    .withMessageContaining(
                            "Circle.address takes its keys from 'customer.addressId', which leads back to itself")
                    .withMessageContaining(
                            "Circle.customer takes its keys from 'address.ownerId', which leads back to itself")
                    .withMessageContaining("Take the keys of one of them from elsewhere");
        }

        @ComposedView(root = "orders")
        record Deep(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Part<Customer> customer,

                @One(source = "addresses", key = "customer.addressId")
                Part<Address> address,

                @One(source = "countries", key = "address.countryId")
                Part<Country> country,

                @One(source = "continents", key = "country.continentId")
                Part<Continent> continent) {}

        @Test
        void thatAreTooDeep() {
            refuses(
                    Deep.class,
                    "Deep.continent is answered after 5 calls that wait for each other; 4 are allowed",
                    "read-replica");
        }

        @ComposedView(root = "orders", maxStages = 5)
        record DeepKnowingly(
                @Root Order order,

                @One(source = "customers", key = "order.customerId")
                Part<Customer> customer,

                @One(source = "addresses", key = "customer.addressId")
                Part<Address> address,

                @One(source = "countries", key = "address.countryId")
                Part<Country> country,

                @One(source = "continents", key = "country.continentId")
                Part<Continent> continent) {}

        @Test
        void thatAreDeepKnowinglyAreNotRefused() {
            Compositions.builder()
                    .sources(new Good())
                    .views(DeepKnowingly.class)
                    .build()
                    .close();
        }

        static class Elsewhere {
            @ComposedView(root = "orders")
            record GoodView(@Root Order order) {}
        }

        @Test
        void withTheNameOfAnother() {
            expect(
                    Compositions.builder().sources(new Good()).views(GoodView.class, Elsewhere.GoodView.class),
                    "has the name of",
                    "Give it another name");
        }
    }

    /** Views that are to be filtered by what they cannot be filtered by. */
    @Nested
    class SemiJoins {

        record Filter(
                @Nullable String status,
                @Nullable String country,
                @Nullable Integer age) {}

        class Sources {
            @RootSource(name = "orders", sort = "id", filters = "status")
            List<Order> orders(
                    Filter filter, @SemiJoin("customerId") @Nullable Set<UUID> customers, Keyset at, int limit) {
                return List.of();
            }

            @RootSource(name = "rigid", sort = "id", filters = "status")
            List<Order> rigid(Filter filter, Keyset at, int limit) {
                return List.of();
            }

            @RootSource(name = "all", sort = "id")
            List<Order> all(Keyset at, int limit) {
                return List.of();
            }

            @Source(name = "customers", id = "id")
            List<Customer> customers(Set<UUID> ids) {
                return List.of();
            }

            @KeySource(source = "customers")
            Set<UUID> in(String country, int limit) {
                return Set.of();
            }

            @KeySource(source = "customers")
            Set<String> aged(Integer age, int limit) {
                return Set.of();
            }
        }

        private void refused(Class<?> view, String what, String fix) {
            expect(Compositions.builder().sources(new Sources()).views(view), what, fix);
        }

        @ComposedView(root = "orders")
        record ByNothing(
                @Root Order order,

                @One(source = "customers", key = "order.customerId", filter = "city")
                Part<Customer> customer) {}

        @Test
        void byAComponentThatIsNotThere() {
            refused(ByNothing.class, "is filtered by 'city', which Filter does not have", "country");
        }

        @ComposedView(root = "all")
        record WithoutFilter(
                @Root Order order,

                @One(source = "customers", key = "order.customerId", filter = "country")
                Part<Customer> customer) {}

        @Test
        void ofARootThatDoesNotFilter() {
            refused(WithoutFilter.class, "root source 'all' takes no filter for", "Add a parameter");
        }

        @ComposedView(root = "orders")
        record Heeded(
                @Root Order order,

                @One(source = "customers", key = "order.customerId", filter = "status")
                Part<Customer> customer) {}

        @Test
        void byWhatTheRootHeedsItself() {
            refused(Heeded.class, "which root source 'orders' heeds itself", "Leave it out here");
        }

        @ComposedView(root = "rigid")
        record Rigid(
                @Root Order order,

                @One(source = "customers", key = "order.customerId", filter = "country")
                Part<Customer> customer) {}

        @Test
        void ofARootThatTakesNoKeys() {
            refused(Rigid.class, "root source 'rigid' cannot be asked for rows by 'customerId'", "build a replica");
        }

        @ComposedView(root = "orders")
        record OtherKeys(
                @Root Order order,

                @One(source = "customers", key = "order.customerId", filter = "age")
                Part<Customer> customer) {}

        @Test
        void byKeysOfAnotherType() {
            refused(
                    OtherKeys.class,
                    "is filtered by keys of String, but 'customerId' of the root is UUID",
                    "return keys of that type");
        }

        @Test
        void byWhatNothingFinds() {
            class Without {
                @RootSource(name = "orders", sort = "id", filters = "status")
                List<Order> orders(
                        Filter filter, @SemiJoin("customerId") @Nullable Set<UUID> customers, Keyset at, int limit) {
                    return List.of();
                }

                @Source(name = "customers", id = "id")
                List<Customer> customers(Set<UUID> ids) {
                    return List.of();
                }
            }
            expect(
                    Compositions.builder().sources(new Without()).views(ByCountry.class),
                    "nothing finds keys of source 'customers' by String",
                    "@KeySource(source = \"customers\")");
        }

        @ComposedView(root = "orders")
        record ByCountry(
                @Root Order order,

                @One(source = "customers", key = "order.customerId", filter = "country")
                Part<Customer> customer) {}

        @Test
        void withKeysThatAreNoSet() {
            class Bad {
                @RootSource(name = "orders", sort = "id")
                List<Order> orders(@SemiJoin("customerId") List<UUID> customers, Keyset at, int limit) {
                    return List.of();
                }
            }
            refuses(new Bad(), "has @SemiJoin(\"customerId\") on List<UUID>", "Make it a Set");
        }

        @Test
        void byAPropertyThatRowsDoNotHave() {
            class Bad {
                @RootSource(name = "orders", sort = "id")
                List<Order> orders(@SemiJoin("buyer") Set<UUID> customers, Keyset at, int limit) {
                    return List.of();
                }
            }
            refuses(new Bad(), "has @SemiJoin(\"buyer\")", "customerId");
        }

        @Test
        void byAPropertyOfAnotherType() {
            class Bad {
                @RootSource(name = "orders", sort = "id")
                List<Order> orders(@SemiJoin("customerId") Set<String> customers, Keyset at, int limit) {
                    return List.of();
                }
            }
            refuses(new Bad(), "but that property is UUID", "Make it a Set of that type");
        }

        @Test
        void withoutALimit() {
            class Bad {
                @KeySource(source = "customers")
                Set<UUID> in(String country) {
                    return Set.of();
                }
            }
            refuses(new Bad(), "takes no limit", "Add one parameter of type int");
        }

        @Test
        void withNothingToMatch() {
            class Bad {
                @KeySource(source = "customers")
                Set<UUID> in(int limit) {
                    return Set.of();
                }
            }
            refuses(new Bad(), "has 0 parameters that could be what to match", "Leave one");
        }

        @Test
        void thatReturnNoKeys() {
            class Bad {
                @KeySource(source = "customers")
                UUID in(String country, int limit) {
                    return new UUID(1, 2);
                }
            }
            refuses(new Bad(), "returns UUID", "Return a collection of keys");
        }

        @Test
        void withMoreKeysThanARequestTakes() {
            class Bad {
                @KeySource(source = "customers", maxKeys = 100_000)
                Set<UUID> in(String country, int limit) {
                    return Set.of();
                }
            }
            refuses(new Bad(), "has maxKeys = 100000", "Say 1 to 10000");
        }

        @Test
        void ofTwoMethodsThatFindTheSame() {
            class Bad {
                @KeySource(source = "customers")
                Set<UUID> in(String country, int limit) {
                    return Set.of();
                }

                @KeySource(source = "customers")
                Set<UUID> named(String name, int limit) {
                    return Set.of();
                }
            }
            refuses(new Bad(), "finds keys of source 'customers' by String", "give one a type of its own");
        }
    }
}
