package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.freehold.composition.DeclarationMistakeTests.Address;
import dev.freehold.composition.DeclarationMistakeTests.Continent;
import dev.freehold.composition.DeclarationMistakeTests.Country;
import dev.freehold.composition.DeclarationMistakeTests.Customer;
import dev.freehold.composition.DeclarationMistakeTests.Good;
import dev.freehold.composition.DeclarationMistakeTests.Order;
import dev.freehold.composition.DeclarationMistakeTests.Product;
import dev.freehold.composition.DeclarationMistakeTests.Shipment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link DeclarationMistakeTests} has of views, as far as specs can have it wrong. */
class ViewSpecMistakeTests {

    private static Arguments view(String fact, ViewSpec view, String what, String fix) {
        return SpecMistake.of(fact, Compositions.builder().sources(new Good()).view(view), what, fix);
    }

    /** With a root, and something else. */
    private static Arguments rooted(String fact, Class<?> row, UnaryOperator<ViewSpec> said, String what, String fix) {
        return view(fact, said.apply(ViewSpec.of(row).root("order", "orders")), what, fix);
    }

    record Alone(Order order) {}

    record TwoOrders(Order order, Order again) {}

    record OtherRow(Customer order) {}

    static class NoRecord {}

    static Stream<Arguments> roots() {
        ViewSpec alone = ViewSpec.of(Alone.class);
        return Stream.of(
                view("no record", ViewSpec.of(NoRecord.class).root("order", "orders"), "is no record", "Make it one"),
                view(
                        "a root source that is not there",
                        alone.root("order", "order"),
                        "has root 'order', which is no root source",
                        "Did you mean 'orders'?"),
                view(
                        "a source as root",
                        ViewSpec.of(OtherRow.class).root("order", "customers"),
                        "has root 'customers', which is no root source",
                        "That is a source, which is asked by keys; a view begins with a root source"),
                view(
                        "two roots",
                        ViewSpec.of(TwoOrders.class).root("order", "orders").root("again", "orders"),
                        "has 2 root components",
                        "Exactly one"),
                view(
                        "rows of another type",
                        ViewSpec.of(OtherRow.class).root("order", "orders"),
                        "is Customer, but root source 'orders' has rows of Order",
                        "Use that type"),
                view(
                        "a budget out of bounds",
                        alone.root("order", "orders").budget(Duration.ofHours(1)),
                        "has budget 'PT1H'",
                        "1ms to 10m"),
                view(
                        "a component that is not there",
                        alone.root("order", "orders").one("custmer", "customers", "order.customerId"),
                        "Alone describes 'custmer', which is no component of it",
                        "There are: order"),
                SpecMistake.of(
                        "the same view twice",
                        Compositions.builder()
                                .sources(new Good())
                                .view(alone.root("order", "orders"))
                                .view(alone.root("order", "orders").maxStages(5)),
                        "Alone is declared more than once",
                        "Leave one out"),
                SpecMistake.of(
                        "the name of another",
                        Compositions.builder()
                                .sources(new Good())
                                .view(alone.root("order", "orders"))
                                .view(ViewSpec.of(Elsewhere.Alone.class).root("order", "orders")),
                        "has the name of",
                        "Give it another name"));
    }

    static class Elsewhere {
        record Alone(Order order) {}
    }

    record WithCustomer(Order order, Part<Customer> customer) {}

    record WithList(Order order, List<Customer> customer) {}

    record WithOptional(Order order, Optional<Customer> customer) {}

    record WithShipments(Order order, Part<List<Shipment>> shipments) {}

    record WithSet(Order order, Set<Shipment> shipments) {}

    record WithParts(Order order, List<Part<Shipment>> shipments) {}

    record WithPartOfParts(Order order, Part<List<Part<Product>>> products) {}

    record WithProduct(Order order, Part<Product> product) {}

    record WithProducts(Order order, List<Product> products) {}

    record WithSlice(Order order, Slice<Shipment> shipments) {}

    record CustomerEmail(UUID id, String email) {}

    record WithEmail(Order order, Part<CustomerEmail> customer) {}

    static Stream<Arguments> components() {
        return Stream.of(
                rooted(
                        "a component that is not described",
                        WithCustomer.class,
                        spec -> spec,
                        "WithCustomer.customer is not described",
                        "Say once what it is: root, one, many or manyVia"),
                rooted(
                        "a component that is described twice",
                        WithCustomer.class,
                        spec -> spec.one("customer", "customers", "order.customerId")
                                .many("customer", "shipments", "order.id"),
                        "WithCustomer.customer is described more than once",
                        "Say once what it is"),
                rooted(
                        "a source that is not there",
                        WithCustomer.class,
                        spec -> spec.one("customer", "custmers", "order.customerId"),
                        "has source 'custmers', which is not there",
                        "Did you mean 'customers'?"),
                rooted(
                        "one of many rows",
                        WithCustomer.class,
                        spec -> spec.one("customer", "shipments", "order.id"),
                        "is one, but source 'shipments' may have many rows for a key",
                        "Use many and a List"),
                rooted(
                        "many of one row",
                        WithList.class,
                        spec -> spec.many("customer", "customers", "order.customerId"),
                        "is many, but source 'customers' has one row a key",
                        "or manyVia, which says where many keys are"),
                rooted(
                        "a list of one row",
                        WithList.class,
                        spec -> spec.one("customer", "customers", "order.customerId"),
                        "is one, but a list",
                        "Use many"),
                rooted(
                        "a set",
                        WithSet.class,
                        spec -> spec.many("shipments", "shipments", "order.id"),
                        "is many, but Set<",
                        "Use List<R>, Part<List<R>>"),
                rooted(
                        "a part of each row of a group",
                        WithParts.class,
                        spec -> spec.many("shipments", "shipments", "order.id"),
                        "is List<Part<",
                        "use Part<List<R>>"),
                rooted(
                        "parts in a part",
                        WithPartOfParts.class,
                        spec -> spec.manyVia("products", "products", "order.lines", "sku"),
                        "is Part<List<Part<",
                        "Use one Part only"),
                rooted(
                        "an optional",
                        WithOptional.class,
                        spec -> spec.one("customer", "customers", "order.customerId"),
                        "but source 'customers' has rows of",
                        "in place of Optional use Part"),
                rooted(
                        "a projection of what is not there",
                        WithEmail.class,
                        spec -> spec.one("customer", "customers", "order.customerId"),
                        "is CustomerEmail, whose 'email' of type String is no property of",
                        "That has addressId: long, id: UUID, name: String"),
                rooted(
                        "a limit below one",
                        WithSlice.class,
                        spec -> spec.many("shipments", "shipments", "order.id", with -> with.limit(-1)),
                        "has limit(-1)",
                        "Say 1 to 10000"),
                rooted(
                        "a limit of a list",
                        WithShipments.class,
                        spec -> spec.many("shipments", "shipments", "order.id", with -> with.limit(20)),
                        "has limit(20), but is a list",
                        "Use Slice<R>"),
                rooted(
                        "a slice of any size",
                        WithSlice.class,
                        spec -> spec.many("shipments", "shipments", "order.id"),
                        "is a slice, but of any size",
                        "limit(20)"));
    }

    private static Arguments key(String fact, String key, String what, String fix) {
        return rooted(fact, WithCustomer.class, spec -> spec.one("customer", "customers", key), what, fix);
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                key(
                        "that is not there",
                        "order.customer",
                        "takes its keys from 'order.customer'",
                        "it has [customerId, id"),
                key(
                        "of a component that is not there",
                        "ordr.customerId",
                        "and WithCustomer has no component 'ordr'",
                        "Did you mean 'order'?"),
                key(
                        "of another type",
                        "order.id",
                        "has keys of long, but source 'customers' takes UUID",
                        "Use one type"),
                key("nowhere", "", "has no key", "Say where it is: \"order.customerId\""),
                key(
                        "that is a component",
                        "order",
                        "has key 'order', which is a component",
                        "Name a property of it: \"order.id\""),
                rooted(
                        "that is a collection",
                        WithProduct.class,
                        spec -> spec.one("product", "products", "order.tags"),
                        "has key 'order.tags', which is a collection",
                        "Use manyVia(\"product\", \"products\", \"order.tags\", \"…\")"),
                rooted(
                        "in a collection",
                        WithProduct.class,
                        spec -> spec.one("product", "products", "order.lines.sku"),
                        "takes its keys from 'order.lines.sku'",
                        "'sku' is looked for in a collection, and a path leads to one value; go via it: manyVia(…, \"…\", \"sku\")"),
                rooted(
                        "via what is no collection",
                        WithProducts.class,
                        spec -> spec.manyVia("products", "products", "order.status", ""),
                        "goes via 'order.status', which is String and no collection",
                        "many(\"products\", \"products\", \"order.status.…\")"));
    }

    record Deep(
            Order order,
            Part<Customer> customer,
            Part<Address> address,
            Part<Country> country,
            Part<Continent> continent) {}

    private static ViewSpec deep() {
        return ViewSpec.of(Deep.class)
                .root("order", "orders")
                .one("customer", "customers", "order.customerId")
                .one("address", "addresses", "customer.addressId")
                .one("country", "countries", "address.countryId")
                .one("continent", "continents", "country.continentId");
    }

    static Stream<Arguments> depth() {
        return Stream.of(view(
                "too deep",
                deep(),
                "Deep.continent is answered after 5 calls that wait for each other; 4 are allowed",
                "read-replica); or allow it by maxStages(5)"));
    }

    record Filter(
            @Nullable String status,
            @Nullable String country,
            @Nullable Integer age) {}

    private static Arguments filtered(String fact, String filter, RootSourceSpec root, String what, String fix) {
        CompositionsBuilder builder = Compositions.builder()
                .rootSource(root)
                .source(SourceSpec.batch("customers", UUID.class, Customer.class, ids -> List.of())
                        .id("id"))
                .keySource(KeySourceSpec.of("customers", Integer.class, String.class, (age, limit) -> Set.of()))
                .view(ViewSpec.of(WithCustomer.class)
                        .root("order", "orders")
                        .one("customer", "customers", "order.customerId", with -> with.filter(filter)));
        return SpecMistake.of(fact, builder, what, fix);
    }

    static Stream<Arguments> semiJoins() {
        RootSourceSpec all = RootSourceSpec.of("orders", Order.class, (at, limit) -> List.of())
                .sort("id");
        RootSourceSpec rigid = RootSourceSpec.of("orders", Order.class, Filter.class, wanted -> List.of())
                .sort("id")
                .filters("status");
        RootSourceSpec orders = rigid.semiJoin("customerId", UUID.class);
        return Stream.of(
                filtered(
                        "by a component that is not there",
                        "city",
                        orders,
                        "is filtered by 'city', which Filter does not have",
                        "country"),
                filtered(
                        "of a root that does not filter",
                        "country",
                        all,
                        "root source 'orders' takes no filter for",
                        "Give it the class of a record with that component"),
                filtered(
                        "by what the root heeds itself",
                        "status",
                        orders,
                        "which root source 'orders' heeds itself",
                        "without that one: filters(…)"),
                filtered(
                        "of a root that takes no keys",
                        "age",
                        rigid,
                        "root source 'orders' cannot be asked for rows by 'customerId'",
                        "Let it take them: semiJoin(\"customerId\", ….class)"),
                filtered(
                        "by keys of another type",
                        "age",
                        orders,
                        "is filtered by keys of String, but 'customerId' of the root is UUID",
                        "Have key source of 'customers' return keys of that type"),
                filtered(
                        "by what nothing finds",
                        "country",
                        orders,
                        "nothing finds keys of source 'customers' by String",
                        "Add one: KeySourceSpec.of(\"customers\", String.class"));
    }

    @ParameterizedTest
    @MethodSource({"roots", "components", "keys", "depth", "semiJoins"})
    void isRefused(SpecMistake mistake) {
        mistake.isRefused();
    }

    /** A root that is declared by a method is told of in words of annotations, and a view in those of specs. */
    @Test
    void areToldInTheWordsOfWhoeverDeclaredThem() {
        CompositionsBuilder builder = Compositions.builder()
                .sources(new Good())
                .view(ViewSpec.of(WithCustomer.class)
                        .root("order", "orders")
                        .one("customer", "customers", "order.customerId", with -> with.filter("status")));

        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(builder::build)
                .withMessageContaining("have the root say which components it heeds, without that one: filters = {…}");
    }

    @Test
    void areDeepKnowingly() {
        Compositions.builder()
                .sources(new Good())
                .view(deep().maxStages(5))
                .build()
                .close();
    }

    record Circle(Order order, Part<Address> address, Part<Customer> customer) {}

    @Test
    void doNotGoInACircle() {
        CompositionsBuilder builder = Compositions.builder()
                .sources(new Good())
                .view(ViewSpec.of(Circle.class)
                        .root("order", "orders")
                        .one("address", "addresses", "customer.addressId")
                        .one("customer", "customers", "address.ownerId"));

        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(builder::build)
                .satisfies(refused -> assertThat(refused.problems()).hasSize(2))
                .withMessageContaining(
                        "Circle.address takes its keys from 'customer.addressId', which leads back to itself");
    }

    @ComposedView(root = "nothing")
    record Annotated(
            @One(source = "nothing", key = "nothing") Order order) {}

    @Test
    void passesOverAnnotationsOfTheRecord() {
        Compositions.builder()
                .sources(new Good())
                .view(ViewSpec.of(Annotated.class).root("order", "orders"))
                .build()
                .close();
    }

    @Test
    void leavesASpecAsItIs() {
        ViewSpec plain = ViewSpec.of(Alone.class).root("order", "orders");
        plain.one("order", "customers", "nothing").budget(Duration.ZERO);

        Compositions.builder().sources(new Good()).view(plain).build().close();
    }

    @Test
    @SuppressWarnings("NullAway") // that is what it is about
    void refusesNullAtOnce() {
        ViewSpec view = ViewSpec.of(Alone.class);
        assertThatIllegalArgumentException().isThrownBy(() -> ViewSpec.of(null)).withMessage("row must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.root(null))
                .withMessage("component must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.one("customer", "customers", null))
                .withMessage("key must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.one("customer", "customers", "key", with -> with.join(null)))
                .withMessage("join must not be null");
        assertThatIllegalArgumentException().isThrownBy(() -> view.budget(null)).withMessage("budget must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Compositions.builder().view(null))
                .withMessage("view must not be null");
    }
}
