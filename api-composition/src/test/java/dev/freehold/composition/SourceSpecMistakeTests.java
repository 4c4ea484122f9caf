package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.freehold.composition.DeclarationMistakeTests.Customer;
import dev.freehold.composition.DeclarationMistakeTests.Filter;
import dev.freehold.composition.DeclarationMistakeTests.Order;
import dev.freehold.composition.DeclarationMistakeTests.Shipment;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** What {@link DeclarationMistakeTests} has of sources, as far as specs can have it wrong. */
class SourceSpecMistakeTests {

    private static final SourceSpec CUSTOMERS =
            SourceSpec.batch("customers", UUID.class, Customer.class, ids -> List.of());

    private static Arguments source(String fact, SourceSpec source, String what, String fix) {
        return SpecMistake.of(fact, Compositions.builder().source(source), what, fix);
    }

    private static Arguments customers(String fact, UnaryOperator<SourceSpec> said, String what, String fix) {
        return source(fact, said.apply(CUSTOMERS.id("id")), what, fix);
    }

    private static Arguments cached(String fact, UnaryOperator<SourceSpec> said, String what, String fix) {
        SourceSpec source = said.apply(CUSTOMERS.id("id").cache("customers"));
        return SpecMistake.of(
                fact,
                Compositions.builder().source(source).caches(new ConcurrentMapCacheManager("customers")),
                what,
                fix);
    }

    private static <K> Arguments keyed(String fact, Class<K> key, String what) {
        return source(
                fact,
                SourceSpec.batchMap("s", key, Customer.class, keys -> Map.of()),
                what,
                "Use a type with one form for each value");
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                source(
                        "no name",
                        SourceSpec.one(" ", UUID.class, Customer.class, id -> null),
                        "has no name",
                        "Name the source, such as \"customers\""),
                SpecMistake.of(
                        "the name of another",
                        Compositions.builder().source(CUSTOMERS.id("id")).source(CUSTOMERS.groupBy("id")),
                        "source 'customers' is named 'customers', as source 'customers' is",
                        "Give one of them another name"),
                SpecMistake.of(
                        "the name of a root",
                        Compositions.builder()
                                .rootSource(RootSourceSpec.of("customers", Customer.class, (at, limit) -> List.of())
                                        .sort("id"))
                                .source(CUSTOMERS.id("id")),
                        "source 'customers' is named 'customers', as root source 'customers' is",
                        "Give one of them another name"),
                customers(
                        "id and groupBy",
                        spec -> spec.groupBy("id"),
                        "source 'customers' has both id and groupBy",
                        "Say id(\"…\") if a key has one row at most, or groupBy(\"…\") if it may have many"),
                source(
                        "neither id nor groupBy",
                        CUSTOMERS,
                        "does not say which property of a row is its key",
                        "id(\"…\")"),
                customers(
                        "a hedge at no time",
                        spec -> spec.hedgeAfter("p100"),
                        "has hedgeAfter(\"p100\")",
                        "or p50 to p99"),
                customers(
                        "a hedge on the thread of the page",
                        spec -> spec.hedgeAfter("20ms").inline(),
                        "is inline and has hedgeAfter",
                        "Leave one out"),
                customers(
                        "a batch that is too large",
                        spec -> spec.maxBatch(10_001),
                        "has maxBatch(10001)",
                        "Say 1 to 10000"),
                customers("an answer of no rows", spec -> spec.maxRows(0), "has maxRows(0)", "Say 1 to 1000000"),
                customers(
                        "URLs that have no room",
                        spec -> spec.maxUrlBytes(20, "ids"),
                        "has maxUrlBytes(20)",
                        "Say 200 to 1000000"),
                source(
                        "a limit for one row",
                        SourceSpec.batch("s", UUID.class, Customer.class, (ids, limit, budget) -> List.of())
                                .id("id"),
                        "takes a limit, but has one row for a key",
                        "Leave the limit out: ask with the keys alone"),
                source(
                        "an id that rows do not have",
                        CUSTOMERS.id("number"),
                        "reads 'number' of its rows",
                        "it has [addressId, id, name]"),
                source(
                        "an id in a collection",
                        SourceSpec.batch("s", String.class, Order.class, ids -> List.of())
                                .id("lines.sku"),
                        "reads 'lines.sku' of its rows",
                        "looked for in a collection, and a path leads to one value"),
                source(
                        "keys of another type than the id",
                        SourceSpec.batch("s", String.class, Customer.class, ids -> List.of())
                                .id("id"),
                        "takes keys of String, but 'id' of its rows is UUID",
                        "Use one type for both"),
                source(
                        "an id and a map",
                        SourceSpec.batchMap("s", UUID.class, Customer.class, ids -> Map.of())
                                .id("id"),
                        "returns a map, which tells the key already",
                        "Leave it out"),
                source(
                        "an id and one key",
                        SourceSpec.one("s", UUID.class, Customer.class, id -> null)
                                .id("id"),
                        "is asked for one key, which tells the key already",
                        "Leave it out"),
                source(
                        "rows that are anything",
                        SourceSpec.batch("s", UUID.class, Object.class, ids -> List.of())
                                .id("id"),
                        "does not say what its rows are",
                        "Give the class of one row"),
                source(
                        "no rows",
                        SourceSpec.one("s", UUID.class, Void.class, id -> null),
                        "returns nothing",
                        "Return the rows"));
    }

    static Stream<Arguments> keys() {
        class Key {}
        return Stream.of(
                keyed("arrays", byte[].class, "Its keys are arrays"),
                keyed("decimals", BigDecimal.class, "whose 1.0 and 1.00 are different keys"),
                keyed("floating-point numbers", double.class, "floating-point"),
                keyed("no equals", Key.class, "has no equals of its own"),
                keyed("collections of anything", HashSet.class, "The type of its keys is not known"),
                keyed("anything", Object.class, "The type of its keys is not known"));
    }

    static Stream<Arguments> caches() {
        return Stream.of(
                customers(
                        "no caches",
                        spec -> spec.cache("s").forEverybody(),
                        "has the cache 's', but there is no CacheManager",
                        "CompositionsBuilder.caches"),
                cached(
                        "a cache that is not there",
                        spec -> spec.cache("custmers").forEverybody(),
                        "has the cache 'custmers', which is not there",
                        "Did you mean 'customers'?"),
                cached(
                        "for nobody knows whom",
                        spec -> spec,
                        "nobody says for whom its answers are good",
                        "Say forEverybody() if they do not depend on who asks"),
                cached(
                        "of what is in memory",
                        spec -> spec.forEverybody().inline(),
                        "is inline and has a cache",
                        "needs no cache"),
                cached(
                        "never stale",
                        spec -> spec.forEverybody().staleFor(Duration.ofMinutes(10)),
                        "has staleFor without freshFor",
                        "Say freshFor, too"),
                cached(
                        "stale before it is not fresh",
                        spec -> spec.forEverybody()
                                .freshFor(Duration.ofMinutes(10))
                                .staleFor(Duration.ofMinutes(1)),
                        "has staleFor(\"PT1M\"), which is no longer than freshFor",
                        "Make it longer"),
                cached(
                        "a negative time",
                        spec -> spec.forEverybody().absentFor(Duration.ofSeconds(-1)),
                        "has absentFor(\"PT-1S\")",
                        "Say a duration from 0s to 365d"),
                customers(
                        "a time for no cache",
                        spec -> spec.freshFor(Duration.ofMinutes(1)),
                        "has freshFor or staleFor, but no cache",
                        "Name one: cache(\"products\")"),
                SpecMistake.of(
                        "of lists that are cut off",
                        Compositions.builder()
                                .caches(new ConcurrentMapCacheManager("s"))
                                .source(SourceSpec.batch(
                                                "s", Long.class, Shipment.class, (ids, limit, budget) -> List.of())
                                        .groupBy("orderId")
                                        .cache("s")
                                        .forEverybody()),
                        "takes a limit and has a cache",
                        "Leave one out"));
    }

    private static Arguments root(String fact, UnaryOperator<RootSourceSpec> said, String what, String fix) {
        RootSourceSpec root = RootSourceSpec.of("r", Order.class, Filter.class, (filter, at, limit) -> List.of());
        return SpecMistake.of(fact, Compositions.builder().rootSource(said.apply(root)), what, fix);
    }

    static Stream<Arguments> roots() {
        return Stream.of(
                root(
                        "no name",
                        any -> RootSourceSpec.of("", Order.class, (at, limit) -> List.of())
                                .sort("id"),
                        "has no name",
                        "Name the source, such as \"orders\""),
                root(
                        "no order",
                        spec -> spec,
                        "root source 'r' does not say what its rows are sorted by",
                        "Say sort(\"createdAt\", \"id\")"),
                root(
                        "sorted by what rows do not have",
                        spec -> spec.sort("createdAt"),
                        "sorts by 'createdAt'",
                        "it has [customerId, id"),
                root(
                        "sorted by what cannot be compared",
                        spec -> spec.sort("lines"),
                        "sorts by 'lines', which is not comparable",
                        "Sort by something that is"),
                root(
                        "sorted in a way that cannot be read",
                        spec -> spec.sort("id downwards"),
                        "sorts by 'id downwards'",
                        "createdAt desc"),
                root(
                        "a hedge at no time",
                        spec -> spec.sort("id").hedgeAfter("soon"),
                        "has hedgeAfter(\"soon\")",
                        "or p50 to p99"),
                root(
                        "a filter that is no record",
                        any -> RootSourceSpec.of("r", Order.class, int.class, (filter, at, limit) -> List.of())
                                .sort("id"),
                        "filters by Integer, which is no record",
                        "Make it a record"),
                root(
                        "filters but no filter",
                        any -> RootSourceSpec.slices("r", Order.class, (at, limit) -> new Slice<>(List.of(), false))
                                .sort("id")
                                .filters("status"),
                        "declares filters, but takes none",
                        "Give the class of a record with status"),
                root(
                        "a filter that is not there",
                        spec -> spec.sort("id").filters("state"),
                        "declares filter 'state', which Filter does not have",
                        "Did you mean 'status'?"),
                root(
                        "rows that are anything",
                        any -> RootSourceSpec.of("r", Object.class, (at, limit) -> List.of())
                                .sort("id"),
                        "does not say what its rows are",
                        "Give the class of one row"),
                root(
                        "a semi-join by what rows do not have",
                        spec -> spec.sort("id").semiJoin("buyer", UUID.class),
                        "has semiJoin(\"buyer\", UUID.class)",
                        "customerId"),
                root(
                        "a semi-join by keys of another type",
                        spec -> spec.sort("id").semiJoin("customerId", String.class),
                        "has semiJoin(\"customerId\", String.class), but that property is UUID",
                        "Give that class"),
                SpecMistake.of(
                        "too many keys",
                        Compositions.builder()
                                .keySource(KeySourceSpec.of(
                                                "customers", String.class, UUID.class, (value, limit) -> Set.of())
                                        .maxKeys(100_000)),
                        "key source of 'customers' has maxKeys(100000)",
                        "Say 1 to 10000"),
                SpecMistake.of(
                        "two that find the same keys",
                        Compositions.builder()
                                .keySource(KeySourceSpec.of(
                                        "customers", String.class, UUID.class, (value, limit) -> Set.of()))
                                .keySource(KeySourceSpec.of(
                                        "customers", String.class, UUID.class, (value, limit, budget) -> Set.of())),
                        "finds keys of source 'customers' by String",
                        "give one a type of its own"));
    }

    @ParameterizedTest
    @MethodSource({"sources", "keys", "caches", "roots"})
    void isRefused(SpecMistake mistake) {
        mistake.isRefused();
    }

    @Test
    void areToldAllAtOnce() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(Compositions.builder().source(CUSTOMERS.maxBatch(0)).source(CUSTOMERS.id("nothing"))::build)
                .satisfies(refused -> assertThat(refused.problems()).hasSize(3));
    }

    @Test
    void leavesASpecAsItIs() {
        SourceSpec plain = CUSTOMERS.id("id");
        plain.maxBatch(0).cache("none").maxUrlBytes(1, "ids");

        Compositions.builder().source(plain).build().close();
    }

    @SuppressWarnings("NullAway") // that is what it is about
    static Stream<Arguments> nulls() {
        @Nullable String text = null;
        @Nullable Class<UUID> type = null;
        @Nullable Duration time = null;
        SourceSpec.@Nullable Ask<UUID, Customer> ask = null;
        RootSourceSpec root = RootSourceSpec.of("r", Order.class, (at, limit) -> List.of());
        return Stream.of(
                absent("name", () -> SourceSpec.one(text, UUID.class, Customer.class, id -> null)),
                absent("key", () -> SourceSpec.many("s", type, Customer.class, id -> List.of())),
                absent("row", () -> SourceSpec.batch("s", UUID.class, type, ids -> List.of())),
                absent("function", () -> SourceSpec.one("s", UUID.class, Customer.class, ask)),
                absent("id", () -> CUSTOMERS.id(text)),
                absent("parameter", () -> CUSTOMERS.maxUrlBytes(1_000, text)),
                absent("staleFor", () -> CUSTOMERS.staleFor(time)),
                absent("filter", () -> RootSourceSpec.of("r", Order.class, type, wanted -> List.of())),
                absent("sort", () -> root.sort((String[]) null)),
                absent("sort", () -> root.sort("id", null)),
                absent("property", () -> root.semiJoin(text, UUID.class)),
                absent("value", () -> KeySourceSpec.of("s", type, UUID.class, (value, limit) -> Set.of())),
                absent("source", () -> Compositions.builder().source(null)),
                absent("source", () -> Compositions.builder().sources(new Object(), null)));
    }

    private static Arguments absent(String name, ThrowingCallable call) {
        return Arguments.of(name, call);
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void refusesNullAtOnce(String name, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageStartingWith(name + " must not");
    }

    @Test
    @SuppressWarnings("NullAway") // does not see that null may be in the map, in classes of another compilation
    void refusesKeysThatARootWasNotAskedFor() {
        Map<String, @Nullable Set<Object>> keys = new HashMap<>(Map.of("customerId", Set.of(new UUID(1, 2))));
        keys.put("region", null);
        RootSourceSpec.Wanted<String> wanted =
                new RootSourceSpec.Wanted<>("filter", Keyset.start(), 10, Budget.of(Duration.ofSeconds(1)), keys);

        assertThat(wanted.keys("customerId", UUID.class)).containsExactly(new UUID(1, 2));
        assertThat(wanted.keys("region", String.class)).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wanted.keys("customer", UUID.class))
                .withMessageContaining("there is no semiJoin(\"customer\", …). Did you mean 'customerId'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wanted.keys("customerId", Long.class))
                .withMessageContaining("the keys for 'customerId' are not of Long");
    }
}
