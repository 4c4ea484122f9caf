package dev.freehold.composition.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Each way in which a service may change is seeded alone, in a document that fits without it. */
class ContractDriftTests {

    private static final String CUSTOMER = "/components/schemas/Customer/allOf/1";
    private static final String PROPERTIES = CUSTOMER + "/properties/";
    private static final String SEARCH = "/paths/~1customers~1search/post";
    private static final String ANSWER = SEARCH + "/responses/200/content/application~1json/schema";
    private static final String RATINGS = "/paths/~1ratings/get";

    static Stream<Arguments> drifts() {
        return Stream.of(
                // properties of rows
                removed("removed property", PROPERTIES + "age", "Customer.age", "no such property"),
                renamed("renamed property", PROPERTIES + "age", "years", "Customer.age", "years"),
                removed("removed property that may be null", PROPERTIES + "nick", "Customer.nick", "no such property"),
                removed("removed property of a part", "/components/schemas/Named/properties/name", "Customer.name"),
                removed("removed alias", PROPERTIES + "e_mail", "Customer.mail", "no such property"),
                set("write-only property", PROPERTIES + "nick/writeOnly", "true", "Customer.nick"),
                set("number that is text", PROPERTIES + "age", "{type: string}", "read as int", "but is text"),
                set("text that is a number", "/components/schemas/Named/properties/name", "{type: integer}", "String"),
                set("integer with a fraction", PROPERTIES + "number", "{type: number}", "read as long", "0.5"),
                set(
                        "integer that is larger",
                        PROPERTIES + "age/format",
                        "int64",
                        "9223372036854775807",
                        "Read it as long"),
                set(
                        "integer with a larger bound",
                        PROPERTIES + "age",
                        "{type: integer, maximum: 3000000000}",
                        "3000000000"),
                set("text that is an object", PROPERTIES + "nick", "{type: object}", "read as String", "an object"),
                set(
                        "object that is text",
                        PROPERTIES + "address",
                        "{type: string}",
                        "read as CustomerApi.Address",
                        "text"),
                set("text that is true or false", PROPERTIES + "nick", "{type: boolean}", "read as String", "true"),
                set("true or false that is text", PROPERTIES + "active", "{type: string}", "read as boolean"),
                set("true or false that is a number", PROPERTIES + "active", "{type: integer}", "read as boolean"),
                set("decimal that is text", PROPERTIES + "credit", "{type: string}", "read as BigDecimal"),
                set("property that may be anything", PROPERTIES + "nick", "{}", "anything"),
                // null and absence
                set("primitive that may be null", PROPERTIES + "age/nullable", "true", "may be null", "(int)"),
                set(
                        "reference that may be null",
                        "/components/schemas/Named/properties/name/nullable",
                        "true",
                        "may be null"),
                removed("primitive that may be left out", CUSTOMER + "/required/2", "may be left out", "Customer.age"),
                removed("reference that may be left out", CUSTOMER + "/required/0", "may be left out", "Customer.id"),
                set(
                        "element of primitives that may be null",
                        PROPERTIES + "weights/items/nullable",
                        "true",
                        "weights[]",
                        "null"),
                set(
                        "null as an alternative",
                        PROPERTIES + "address",
                        "{oneOf: [{$ref: '#/components/schemas/Address'}, {type: 'null'}]}",
                        "address may be null"),
                set(
                        "null as one of two types",
                        PROPERTIES + "age",
                        "{type: [integer, 'null'], format: int32}",
                        "may be null"),
                set("null as a value", PROPERTIES + "kind", "{enum: [PRIVATE, null]}", "kind may be null"),
                // values
                set("new value", "/components/schemas/Kind/enum/-", "PLATINUM", "\"PLATINUM\"", "Kind does not have"),
                set("value that is any text", "/components/schemas/Kind", "{type: string}", "Kind", "any text"),
                set("constant that is new", PROPERTIES + "kind", "{const: GONE}", "\"GONE\""),
                set(
                        "date with a time",
                        PROPERTIES + "born/format",
                        "date-time",
                        "LocalDate",
                        "Instant or OffsetDateTime"),
                set(
                        "time without a time",
                        PROPERTIES + "since/format",
                        "date",
                        "read as Instant",
                        "Read it as LocalDate"),
                set(
                        "time as a number",
                        PROPERTIES + "since",
                        "{type: integer, format: int64}",
                        "read as Instant",
                        "NUMBER"),
                set("time as any text", PROPERTIES + "since", "{type: string}", "read as Instant"),
                // keys in rows
                set("key that is any text", PROPERTIES + "id", "{type: string}", "read as UUID", "text"),
                set(
                        "key that is a number",
                        PROPERTIES + "id",
                        "{type: integer, format: int64}",
                        "read as UUID",
                        "Read it as long"),
                // structure
                set(
                        "one in place of many",
                        ANSWER,
                        "{$ref: '#/components/schemas/Customer'}",
                        "List<CustomerApi.Customer>"),
                set(
                        "many in place of one",
                        "/components/responses/Customer/content/application~1vnd.shop+json/schema",
                        "{type: array, items: {$ref: '#/components/schemas/Customer'}}",
                        "CustomerApi.byId",
                        "an array"),
                set(
                        "envelope",
                        ANSWER,
                        "{type: object, properties: {total: {type: integer}, items: {type: array,"
                                + " items: {$ref: '#/components/schemas/Customer'}}}}",
                        "an object",
                        "'items'"),
                set(
                        "many in place of one, within",
                        PROPERTIES + "nick",
                        "{type: array, items: {type: string}}",
                        "an array"),
                set("one in place of many, within", PROPERTIES + "tags", "{type: string}", "tags", "text"),
                removed(
                        "property within",
                        "/components/schemas/Address/properties/city",
                        "address.city",
                        "Address.city"),
                set(
                        "retyped within",
                        "/components/schemas/Address/properties/zip/type",
                        "string",
                        "address.zip",
                        "Integer"),
                removed("property of elements", PROPERTIES + "phones/items/properties/number", "phones[].number"),
                set("retyped element", PROPERTIES + "tags/items/type", "integer", "tags[]", "read as String"),
                removed(
                        "elements that are not told",
                        PROPERTIES + "tags/items",
                        "tags",
                        "nothing is said about its elements"),
                set(
                        "retyped value of a map",
                        PROPERTIES + "scores/additionalProperties/type",
                        "string",
                        "scores{}",
                        "Double"),
                set(
                        "key of a map",
                        RATINGS + "/responses/200/content/*~1*/schema/properties",
                        "{best: {type: array}}",
                        "'best'"),
                removed("property in a map of lists", "/components/schemas/Rating/properties/at", "{}[].at"),
                set("new alternative", PROPERTIES + "age", "{anyOf: [{type: integer}, {type: string}]}", "but is text"),
                // endpoints
                removed("removed path", "/paths/~1ratings", "asks GET /shop/ratings", "/customers/search"),
                renamed("renamed path", "/paths/~1ratings", "/ratings/v2", "asks GET /shop/ratings", "/ratings/v2"),
                renamed("removed method", SEARCH, "put", "asks POST", "That path has: PUT."),
                removed("removed success", SEARCH + "/responses/200", "success", "400"),
                removed("success without a body", SEARCH + "/responses/200/content", "success"),
                renamed(
                        "no JSON",
                        SEARCH + "/responses/200/content/application~1json",
                        "text/csv",
                        "reads JSON",
                        "text/csv"),
                renamed(
                        "no JSON is taken",
                        SEARCH + "/requestBody/content/application~1json",
                        "application/xml",
                        "sends JSON",
                        "application/xml"),
                // keys in requests
                set("keys that are any text", SEARCH_KEYS, "{type: string}", "CustomerApi.byIds sends", "text (uuid)"),
                set("keys that are numbers", SEARCH_KEYS, "{type: integer, format: int64}", "Send long"),
                set("keys of another format", SEARCH_KEYS + "/format", "date", "text (date)", "Send LocalDate"),
                set(
                        "key in the path that is a number",
                        KEY_IN_PATH,
                        "{type: integer}",
                        "path variable 'id'",
                        "Send long"),
                set("fewer keys at once", SEARCH_BODY + "/maxItems", "50", "maxBatch = 100", "Say maxBatch = 50"),
                set("one key at once", SEARCH_BODY, "{type: string, format: uuid}", "an array", "text (uuid)"),
                set("keys in an object", SEARCH_BODY, "{type: object, required: [ids]}", "an array", "an object"),
                removed("no body", SEARCH + "/requestBody", "sends a body"),
                set(
                        "renamed query parameter",
                        RATINGS + "/parameters/0/name",
                        "of",
                        "query parameter 'customer'",
                        "'of'"),
                set(
                        "new required query parameter",
                        RATINGS + "/parameters/1/required",
                        "true",
                        "query parameter 'kind'"),
                set(
                        "one key in the query",
                        RATINGS + "/parameters/0/schema",
                        "{type: string, format: uuid}",
                        "an array"),
                set(
                        "new required body",
                        RATINGS + "/requestBody",
                        "{required: true, content: {}}",
                        "does not send a body"));
    }

    private static final String SEARCH_BODY = SEARCH + "/requestBody/content/application~1json/schema";
    private static final String SEARCH_KEYS = SEARCH_BODY + "/items";
    private static final String KEY_IN_PATH = "/paths/~1customers~1{customerId}/parameters/0/schema";

    private static Arguments set(String name, String pointer, String yaml, String... told) {
        return drift(name, document -> Texts.set(document, pointer, yaml), told);
    }

    private static Arguments removed(String name, String pointer, String... told) {
        return drift(name, document -> Texts.remove(document, pointer), told);
    }

    private static Arguments renamed(String name, String pointer, String to, String... told) {
        return drift(name, document -> Texts.rename(document, pointer, to), told);
    }

    private static Arguments drift(String name, Consumer<JsonNode> change, String... told) {
        return arguments(name, change, List.of(told));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drifts")
    void isFound(String name, Consumer<JsonNode> change, List<String> told) {
        JsonNode document = Texts.customers();
        assertThatCode(() -> verify(document)).as("without " + name).doesNotThrowAnyException();

        change.accept(document);
        ContractBrokenException broken = catchThrowableOfType(ContractBrokenException.class, () -> verify(document));

        assertThat(broken).as(name).isNotNull().hasMessageContainingAll(told.toArray(new String[0]));
        assertThat(broken.drifts()).as(name).hasSizeLessThanOrEqualTo(2).allSatisfy(drift -> {
            assertThat(drift.where()).startsWith("CustomerApi.");
            assertThat(drift.what()).endsWith(".");
            assertThat(drift.fix()).endsWith(".");
        });
    }

    private static void verify(JsonNode document) {
        Contract.ofOpenApi(document.toString()).verify(CustomerApi.class);
    }

    static Stream<Arguments> changesThatDoNoHarm() {
        return Stream.of(
                set("new property", PROPERTIES + "fax", "{type: string}"),
                set("new required property", CUSTOMER + "/required/-", "loyalty"),
                removed("value that is no more", "/components/schemas/Kind/enum/1"),
                set("smaller integer", PROPERTIES + "number/format", "int32"),
                set("integer with a smaller bound", PROPERTIES + "age", "{type: integer, format: int64, maximum: 150}"),
                set("integer that was any number", PROPERTIES + "credit", "{type: integer}"),
                set("whole number", PROPERTIES + "age", "{type: number, multipleOf: 1}"),
                set("null for what may be null", PROPERTIES + "remark/nullable", "true"),
                removed("absence of what may be null", "/components/schemas/Address/properties/zip/nullable"),
                set("new endpoint", "/paths/~1customers~1all", "{get: {responses: {}}}"),
                set("new optional query parameter", RATINGS + "/parameters/0", "{name: customer, in: query}"),
                set("new required header", RATINGS + "/parameters/1", "{name: X-A, in: header, required: true}"),
                set("more keys at once", SEARCH_BODY + "/maxItems", "500"),
                set("new refusal", SEARCH + "/responses/429", "{description: too many}"),
                set("accepted beside", SEARCH + "/responses/202", "{description: later}"),
                set(
                        "charset",
                        SEARCH + "/responses/200/content",
                        "{application/json;charset=UTF-8: {schema: {type: array,"
                                + " items: {$ref: '#/components/schemas/Customer'}}}}"),
                drift("renamed variable", document -> {
                    Texts.set(document, KEY_IN_PATH.replace("/schema", "/name"), "key");
                    Texts.rename(document, "/paths/~1customers~1{customerId}", "/customers/{key}");
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changesThatDoNoHarm")
    void isNoDrift(String name, Consumer<JsonNode> change, List<String> told) {
        JsonNode document = Texts.customers();
        change.accept(document);
        assertThatCode(() -> verify(document)).as(name).doesNotThrowAnyException();
    }

    @Test
    void tellsAllDriftsAtOnceAndWhatToDo() {
        JsonNode document = Texts.customers();
        Texts.set(document, PROPERTIES + "age/format", "int64");
        Texts.remove(document, PROPERTIES + "nick");
        Texts.set(document, "/components/schemas/Kind/enum/-", "PLATINUM");
        Texts.remove(document, "/paths/~1ratings");

        ContractBrokenException broken = catchThrowableOfType(ContractBrokenException.class, () -> verify(document));

        assertThat(broken).hasMessage("""
                        the OpenAPI document does not fit its consumer (4):
                        CustomerApi.byId age is read as int, but is an integer (int64), such as 9223372036854775807 \
                        (#/components/schemas/Customer/allOf/1/properties/age). Read it as long.
                        CustomerApi.byId kind may be "PLATINUM" (#/components/schemas/Kind), which CustomerApi.Kind does not \
                        have. Add what is new to CustomerApi.Kind, or name a default: @JsonEnumDefaultValue, and have the \
                        mapper use it.
                        CustomerApi.byId nick is read into CustomerApi.Customer.nick, but there is no such property \
                        (#/components/schemas/Customer). Not read yet: loyalty. Read that (rename it, or @JsonProperty), or \
                        remove it from CustomerApi.Customer.
                        CustomerApi.ratings asks GET /shop/ratings, which there is not. Ask one of: /customers/search, \
                        /customers/{customerId}. If only the beginning differs, use withBasePath.""");
    }
}
