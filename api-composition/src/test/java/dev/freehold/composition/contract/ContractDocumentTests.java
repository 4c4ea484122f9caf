package dev.freehold.composition.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.freehold.composition.Keyset;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Slice;
import dev.freehold.composition.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;

/** OpenAPI documents in their forms, and what is no such document. */
class ContractDocumentTests {

    record Row(long id, @Nullable Row next) {}

    private static Contract schemas(String schema, String components) {
        return Contract.ofOpenApi("""
                openapi: 3.1.0
                paths: { /row: { get: { responses: { '200': { content: { application/json: { schema: %s } } } } } } }
                components: { schemas: { %s } }
                """.formatted(schema, components));
    }

    private static void verify(String schema, String components) {
        schemas(schema, components).answer("GET", "/row").verifyReadableAs(Row.class);
    }

    @Nested
    class Texts {

        @TempDir
        Path directory;

        @Test
        void mayBeYamlOrJsonInFilesAndElsewhere() throws IOException {
            String json = dev.freehold.composition.contract.Texts.customers().toString();
            Path file = Files.writeString(directory.resolve("customers.json"), json);
            Contract.ofOpenApi(json).verify(CustomerApi.class);
            Contract.ofOpenApi(file).verify(CustomerApi.class);
            Contract.ofOpenApi(new ClassPathResource("customers.yaml", getClass()))
                    .verify(CustomerApi.class);
        }

        record Scalars(Answer answer, LocalDate day) {}

        enum Answer {
            YES
        }

        @Test
        void ofYamlHaveTheScalarsOfJson() {
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(
                            () -> schemas("{properties: {answer: {enum: [YES, NO]}, day: {enum: [2024-05-17]}}}", "")
                                    .answer("GET", "/row")
                                    .verifyReadableAs(Scalars.class))
                    .withMessageContaining("answer may be \"NO\"")
                    .satisfies(broken -> assertThat(broken.drifts()).hasSize(1));
        }

        @Test
        void thatAreNotThereAreTold() {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> Contract.ofOpenApi(directory.resolve("none.yaml")));
        }

        @Test
        void thatAreNoDocumentsAreRefused() {
            refused("{", "the OpenAPI document is no JSON: ");
            refused("a: b: c", "the OpenAPI document is no YAML: ");
            refused("a: 1\na: 2", "the OpenAPI document is no YAML: ");
            refused("", "the OpenAPI document is no OpenAPI document: it must have 'openapi: 3.…' and 'paths'");
            refused("[1]", "is no OpenAPI document");
            refused("openapi: 3.0.0", "is no OpenAPI document");
            refused("swagger: '2.0'\npaths: {}", "the OpenAPI document is of OpenAPI 2.0; convert it to 3.0 or 3.1");
        }

        private void refused(String text, String message) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Contract.ofOpenApi(text))
                    .withMessageContaining(message);
        }
    }

    @Nested
    class References {

        @Test
        void areFollowedWithinTheDocument() {
            verify(
                    "{$ref: '#/components/schemas/a~1b%20c'}",
                    "'a/b c': {required: [id], properties: {id: {$ref: '#/components/schemas/Id'},"
                            + " next: {$ref: '#/components/schemas/a~1b%20c'}}}, Id: {type: integer}");
        }

        @Test
        void ofSchemasWithinThemselvesHaveAnEnd() {
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(
                            () -> verify(
                                    "{$ref: '#/components/schemas/A'}",
                                    "A: {required: [id], properties: {id: {type: integer}, next: {$ref: '#/components/schemas/B'}}},"
                                            + " B: {required: [id], properties: {id: {type: string}, next: {$ref: '#/components/schemas/A'}}}"))
                    .withMessageContaining("next.id is read as long, but is text")
                    .satisfies(broken -> assertThat(broken.drifts()).hasSize(1));
        }

        record Pair(long left, long right) {}

        @Test
        void thatAreSharedAreToldWhereverTheyAreRead() {
            Contract contract = schemas(
                    "{properties: {left: {$ref: '#/components/schemas/Count'}, right: {$ref: '#/components/schemas/Count'}}}",
                    "Count: {type: string}");
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(() -> contract.answer("GET", "/row").verifyReadableAs(Pair.class))
                    .withMessageContainingAll("left is read as long", "right is read as long");
        }

        @Test
        void thatLeadNowhereAreRefused() {
            refused("{$ref: 'common.yaml#/Row'}", "", "refers to 'common.yaml#/Row', which is not in it");
            refused(
                    "{$ref: '#/components/schemas/None'}",
                    "",
                    "refers to '#/components/schemas/None', which it does not have");
            refused(
                    "{$ref: '#/components/schemas/A'}",
                    "A: {allOf: [{$ref: '#/components/schemas/B'}]}, B: {$ref: '#/components/schemas/A'}",
                    "refers to itself");
            refused("{$dynamicRef: '#row'}", "", "dynamic reference");
        }

        private void refused(String schema, String components, String message) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> verify(schema, components))
                    .withMessageContaining(message);
        }
    }

    @Nested
    class Combinations {

        private static final String ID = "{required: [id], properties: {id: {type: integer}}}";
        private static final String NEXT = "{properties: {next: {type: 'null'}}}";

        @Test
        void ofAllHaveWhatEachHas() {
            verify("{allOf: [" + ID + ", " + NEXT + "]}", "");
            verify("{properties: {next: {type: 'null'}}, allOf: [" + ID + "]}", "");
            broken("{allOf: [" + ID + "]}", "Row.next", "Remove it from");
        }

        @Test
        void ofOneMustAllBeReadable() {
            verify("{oneOf: [{allOf: [" + ID + ", " + NEXT + "]}, {type: 'null'}]}", "");
            broken(
                    "{properties: {next: {type: 'null'}}, oneOf: [" + ID
                            + ", {required: [id], properties: {id: {type: string}}}]}",
                    "id is read as long, but is text");
            broken("{anyOf: [{allOf: [" + ID + ", " + NEXT + "]}, {type: string}]}", "but is text");
        }

        @Test
        void ofOneHaveOnlySometimesWhatNotAllHave() {
            broken(
                    "{properties: {next: {type: 'null'}}, oneOf: [" + ID + ", {required: [x], properties: {x: {}}}]}",
                    "id may be left out");
        }

        @Test
        void narrowTypesAndValues() {
            verify(
                    "{required: [id], properties: {next: {type: 'null'}, id: {allOf: [{type: number}, {type: integer}]}}}",
                    "");
            verify(
                    "{required: [id], properties: {next: {type: 'null'}, id: {enum: [1, 2, 0.5], allOf: [{enum: [1]}]}}}",
                    "");
        }

        @Test
        void thatCannotBeAreRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> verify("{allOf: [{type: object}, {type: string}]}", ""))
                    .withMessageContaining("what no value can be");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> verify("{type: strin}", ""))
                    .withMessageContaining("unknown type 'strin'");
        }

        private void broken(String schema, String... told) {
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(() -> verify(schema, ""))
                    .withMessageContainingAll(told);
        }
    }

    @Nested
    class Clients {

        interface Versioned {
            @Source(name = "rows", id = "id", maxBatch = 10)
            @PostExchange("/rows")
            ResponseEntity<Row[]> rows(@RequestBody Keys keys);
        }

        record Keys(Set<Long> keys, Mode mode) {}

        enum Mode {
            FULL,
            SHORT
        }

        private static final String DOCUMENT = """
                openapi: 3.0.0
                paths:
                  /v2/rows:
                    post:
                      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Keys'}}}}
                      responses:
                        2XX: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Row'}}}}}
                components:
                  schemas:
                    Keys:
                      type: object
                      required: [keys]
                      properties:
                        keys: {type: array, items: {type: integer, format: int64}}
                        mode: {type: string, enum: [FULL, SHORT]}
                    Row:
                      required: [id]
                      properties: {id: {type: integer}, next: {$ref: '#/components/schemas/Row'}}
                """;

        private void verify(String document) {
            Contract.ofOpenApi(document).withBasePath("/v2").verify(Versioned.class);
        }

        @Test
        void mayHaveABasePath() {
            verify(DOCUMENT);
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(() -> Contract.ofOpenApi(DOCUMENT).verify(Versioned.class))
                    .withMessageContaining("withBasePath");
        }

        @Test
        void sendObjectsAsTheyAreTaken() {
            broken(DOCUMENT.replace("required: [keys]", "required: [keys, tenant]"), "does not send 'tenant'");
            broken(DOCUMENT.replace("[FULL, SHORT]", "[FULL]"), "[\"SHORT\"]", "only: [\"FULL\"]");
            broken(DOCUMENT.replace("mode:", "form:"), "sends 'mode'", "only: form, keys");
            broken(
                    DOCUMENT.replace("items: {type: integer, format: int64}", "items: {type: string}"),
                    "each element of 'keys' in the body");
        }

        private void broken(String document, String... told) {
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(() -> verify(document))
                    .withMessageContainingAll(told);
        }

        @Test
        void canBeToldTheirEndpoint() {
            Contract.ofOpenApi(DOCUMENT).answer("POST", "/v2/rows").verify(Versioned.class, "rows");
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(() -> Contract.ofOpenApi(DOCUMENT)
                            .answer("GET", "/v2/rows")
                            .verify(Versioned.class, "rows"))
                    .withMessageContaining("That path has: POST.");
        }

        interface Shared<K, R> {
            @Source(name = "rows", id = "id")
            @GetExchange("/rows")
            List<R> rows(@RequestParam Set<K> keys);
        }

        interface Concrete extends Shared<Long, Row> {}

        @Test
        void mayInheritTheirSources() {
            String document = """
                    openapi: 3.0.0
                    paths: {/rows: {get: {
                      parameters: [{name: keys, in: query, schema: {type: array, items: {type: %s}}}],
                      responses: {default: {content: {application/json: {schema: {type: array, items: {
                        required: [id], properties: {id: {type: integer}, next: {enum: [null]}}}}}}}}}}}
                    """;
            Contract.ofOpenApi(document.formatted("integer")).verify(Concrete.class);
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(() ->
                            Contract.ofOpenApi(document.formatted("string")).verify(Concrete.class))
                    .withMessageContaining(
                            "Shared.rows sends each element of the query parameter 'keys' as an integer");
        }

        interface Rooted {
            @RootSource(name = "rows", sort = "id")
            @GetExchange("/rows")
            Slice<Row> rows(@RequestParam Keyset after, @RequestParam int limit);
        }

        @Test
        void mayHaveRoots() {
            String document = """
                    openapi: 3.0.0
                    paths: {/rows: {get: {
                      parameters: [{name: after, in: query, schema: {type: string}},
                        {name: limit, in: query, required: true, schema: {type: integer, format: int32}}],
                      responses: {'200': {content: {application/json: {schema: {
                        type: object, required: [rows, more], properties: {more: {type: boolean}, %s: {type: array, items: {
                          required: [id], properties: {id: {type: integer}, next: {enum: [null]}}}}}}}}}}}}}
                    """;
            Contract.ofOpenApi(document.formatted("rows")).verify(Rooted.class);
            assertThatExceptionOfType(ContractBrokenException.class)
                    .isThrownBy(() ->
                            Contract.ofOpenApi(document.formatted("items")).verify(Rooted.class))
                    .withMessageContaining("Rooted.rows rows is read into Slice");
        }

        interface Unknown {
            @Source(name = "rows", id = "id")
            List<Row> rows(Set<Long> ids);
        }

        interface Configured {
            @Source(name = "rows", id = "id")
            @GetExchange("${rows.path}")
            List<Row> rows(@RequestParam Set<Long> ids);
        }

        @Test
        void mustSayWhatTheyAsk() {
            refused(Unknown.class, "Unknown.rows has no @HttpExchange; name the endpoint");
            refused(Configured.class, "is known only at run time");
            refused(Row.class, "Row has no method with @Source or @RootSource");
        }

        private void refused(Class<?> client, String message) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Contract.ofOpenApi(DOCUMENT).verify(client))
                    .withMessageContaining(message);
        }
    }
}
