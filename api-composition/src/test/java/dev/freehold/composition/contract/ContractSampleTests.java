package dev.freehold.composition.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What a recorded answer shows, read strictly. */
class ContractSampleTests {

    private static final String CUSTOMERS = """
            [
              { "id": "7f3c2b1a-9d8e-4c5b-8a7f-0123456789ab", "name": "Ada", "number": 5000000000, "age": 36, "active": true,
                "kind": "PRIVATE", "born": "1815-12-10", "since": "2024-05-17T10:15:30Z", "credit": 12.50, "nick": null,
                "remark": "first", "address": { "city": "London", "zip": 7 }, "phones": [ { "number": "1" } ],
                "scores": { "a": 1, "b": 0.5 }, "tags": [], "weights": [ 1.5 ], "mail": "ada@example.org",
                "parent": null, "fax": "new" },
              { "id": "7f3c2b1a-9d8e-4c5b-8a7f-0123456789ac", "name": "Bob", "number": 2, "age": 40, "active": false,
                "kind": "NO", "born": "1815-12-11", "since": "2024-05-17T10:15:30Z", "credit": 3, "nick": "b",
                "address": { "city": "Paris", "zip": null }, "phones": [], "scores": {}, "tags": [ "x" ],
                "weights": [], "mail": "bob@example.org" }
            ]
            """;

    static Stream<Arguments> drifts() {
        return Stream.of(
                all("/age", null, "[].age", "no such property"),
                all("/born", "'1815-12-10T00:00:00Z'", "[].born is read as LocalDate"),
                removed("removed in one row", "/1/age", "[].age may be left out"),
                removed("removed in one part", "/0/address/city", "[].address.city may be left out"),
                set("null", "/1/age", "null", "[].age may be null"),
                set("text", "/1/age", "'40'", "read as int", "\"40\""),
                set("fraction", "/1/age", "40.5", "read as int", "40.5"),
                set("larger number", "/1/age", "5000000000", "read as int", "5000000000"),
                set("number for text", "/1/name", "7", "read as String", "7"),
                set("unknown value", "/1/kind", "GOLD", "[].kind may be \"GOLD\""),
                set("time as a number", "/1/since", "1715940930000", "read as Instant"),
                set("key of another form", "/1/id", "C-7", "read as UUID", "C-7"),
                set("object for text", "/1/nick", "{first: b}", "[].nick is read as String"),
                set("array for an object", "/1/address", "[Paris]", "[].address", "an array"),
                set("text in a map", "/0/scores/b", "high", "[].scores.b is read as Double"),
                set("null in primitives", "/0/weights/0", "null", "[].weights[] may be null"));
    }

    private static Arguments set(String name, String pointer, String yaml, String... told) {
        return change(name, sample -> Texts.set(sample, pointer, yaml), told);
    }

    private static Arguments removed(String name, String pointer, String... told) {
        return change(name, sample -> Texts.remove(sample, pointer), told);
    }

    private static Arguments all(String property, @Nullable String yaml, String... told) {
        return change(
                "everywhere " + property,
                sample -> {
                    for (int i = 0; i < sample.size(); i++) {
                        if (yaml == null) {
                            Texts.remove(sample, "/" + i + property);
                        } else {
                            Texts.set(sample, "/" + i + property, yaml);
                        }
                    }
                },
                told);
    }

    private static Arguments change(String name, Consumer<JsonNode> change, String... told) {
        return Arguments.arguments(name, change, List.of(told));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drifts")
    void showsADrift(String name, Consumer<JsonNode> change, List<String> told) {
        JsonNode sample = Texts.JSON.readTree(CUSTOMERS);
        assertThatCode(() -> verify(sample)).as("without " + name).doesNotThrowAnyException();

        change.accept(sample);

        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> verify(sample))
                .withMessageContainingAll(told.toArray(new String[0]))
                .withMessageContaining("CustomerApi.byIds []")
                .satisfies(broken -> assertThat(broken.drifts()).hasSize(1));
    }

    private static void verify(JsonNode sample) {
        Contract.ofSample(sample.toString()).verify(CustomerApi.class, "customers");
    }

    @Test
    void showsAnEnvelope() {
        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> Contract.ofSample("{ \"items\": " + CUSTOMERS + ", \"total\": 2 }")
                        .verify(CustomerApi.class, "customers"))
                .withMessageContainingAll("read as List<CustomerApi.Customer>", "a record with 'items'");
    }

    @Test
    void showsKeysOfMaps() {
        String rating = "[ { \"stars\": 3, \"at\": \"2024-05-17T10:15:30Z\" } ]";
        Contract.ofSample("{ \"7f3c2b1a-9d8e-4c5b-8a7f-0123456789ab\": %s }".formatted(rating))
                .verify(CustomerApi.class, "ratings");
        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() ->
                        Contract.ofSample("{ \"C-7\": %s }".formatted(rating)).verify(CustomerApi.class, "ratings"))
                .withMessageContaining("the key 'C-7'");
    }

    /** A value that only the type itself refuses. */
    record Stars(int stars) {
        Stars {
            if (stars > 5) {
                throw new IllegalArgumentException("more than five stars");
            }
        }
    }

    @Test
    void showsWhatATypeRefuses() {
        Contract.ofSample("[ { \"stars\": 5 } ]").verifyReadableAs(Stars[].class);
        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> Contract.ofSample("[ { \"stars\": 6 } ]").verifyReadableAs(Stars[].class))
                .withMessageContainingAll("cannot be read from the sample", "more than five stars");
    }

    @Test
    void mustHaveRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contract.ofSample("[]"))
                .withMessage("the sample has no rows, so it says nothing; record an answer that has some");
    }

    @Test
    void mustBeJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contract.ofSample("[ { \"id\": 1 ]"))
                .withMessageStartingWith("the sample is no JSON: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contract.ofSample("[ { \"id\": 1 } ] ]"))
                .withMessageStartingWith("the sample is no JSON: ");
    }

    @Test
    void isForASourceThatThereIs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contract.ofSample(CUSTOMERS).verify(CustomerApi.class, "byIds"))
                .withMessage("CustomerApi has no source 'byIds', only: customer, customers, ratings");
    }
}
