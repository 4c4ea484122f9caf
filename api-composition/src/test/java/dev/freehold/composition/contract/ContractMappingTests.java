package dev.freehold.composition.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import dev.freehold.composition.Slice;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.annotation.JsonPOJOBuilder;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a type reads is what Jackson reads into it. */
class ContractMappingTests {

    private static Contract answering(String schema) {
        return Contract.ofOpenApi("""
                openapi: 3.1.0
                paths: { /row: { get: { responses: { '200': { content: { application/json: { schema: %s } } } } } } }
                """.formatted(schema));
    }

    private static void fits(String schema, Type type) {
        answering(schema).answer("get", "/row").verifyReadableAs(type);
    }

    private static void breaks(String schema, Type type, String... told) {
        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> fits(schema, type))
                .withMessageContainingAll(told);
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Snake(String firstName) {}

    @Test
    void namesAreTranslated() {
        fits("{properties: {first_name: {type: string}}}", Snake.class);
        breaks("{properties: {firstName: {type: string}}}", Snake.class, "first_name", "Not read yet: firstName");
    }

    static class Bean {
        private String name = "";
        private @Nullable Integer age;

        public void setName(String name) {
            this.name = name;
        }

        public void setAge(@Nullable Integer age) {
            this.age = age;
        }

        public String getLabel() {
            return name + age;
        }
    }

    @Test
    void beansHaveWhatHasASetter() {
        fits("{required: [name], properties: {name: {type: string}, age: {type: [integer, 'null']}}}", Bean.class);
        breaks("{properties: {name: {type: string}}}", Bean.class, "Bean.age");
        breaks(
                "{required: [name], properties: {name: {type: [string, 'null']}, age: {type: integer}}}",
                Bean.class,
                "name may be null");
    }

    @JsonDeserialize(builder = Built.Builder.class)
    static final class Built {

        @JsonPOJOBuilder
        static class Builder {

            public Builder withName(String name) {
                return this;
            }

            public Built build() {
                return new Built();
            }
        }
    }

    @Test
    void buildersHaveWhatTheyAreToldToBuild() {
        fits("{properties: {name: {type: string}}}", Built.class);
        breaks("{properties: {name: {type: integer}}}", Built.class, "name is read as String");
        breaks("{properties: {title: {type: string}}}", Built.class, "Builder.name");
    }

    record Place(
            String city, @JsonUnwrapped(prefix = "geo_") Geo geo) {}

    record Geo(double lat) {}

    @Test
    void unwrappedPropertiesAreInTheSameObject() {
        fits("{properties: {city: {type: string}, geo_lat: {type: number}}}", Place.class);
        breaks("{properties: {city: {type: string}, lat: {type: number}}}", Place.class, "geo_lat", "Geo");
    }

    record Id(@JsonValue long value) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Id {
            if (value == 0) {
                throw new IllegalArgumentException("no id");
            }
        }
    }

    record Mail(@JsonValue String text) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Mail {
            if (!text.contains("@")) {
                throw new IllegalArgumentException("no mail address");
            }
        }
    }

    record Wrapped(Id id, Mail mail) {}

    @Test
    void typesOfOneValueAreReadFromThat() {
        fits("{properties: {id: {type: integer}, mail: {type: string}}}", Wrapped.class);
        breaks("{properties: {id: {type: string}, mail: {type: string}}}", Wrapped.class, "id is read as", "Id");
        breaks("{properties: {id: {type: integer}, mail: {type: object}}}", Wrapped.class, "mail is read as", "Mail");
        breaks("{properties: {id: {type: integer}, mail: {enum: [nobody]}}}", Wrapped.class, "nobody");
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "card"),
        @JsonSubTypes.Type(value = Cash.class, name = "cash")
    })
    sealed interface Payment {}

    record Card(String number) implements Payment {}

    record Cash(int cents) implements Payment {}

    @Test
    void subtypesAreThoseThatAreKnown() {
        String document = """
                openapi: 3.0.3
                paths: { /row: { get: { responses: { '200': { content: { application/json: { schema: {
                  type: array, items: {
                    oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}],
                    discriminator: {propertyName: type, mapping: {
                      card: '#/components/schemas/Card', %s: '#/components/schemas/Cash'}}}}}}}}}}}
                components: {schemas: {
                  Card: {type: object, properties: {type: {type: string}, number: {type: string}}},
                  Cash: {type: object, properties: {type: {type: string}, cents: {type: %s}}}}}
                """;
        verifyPayments(document.formatted("cash", "integer"));
        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> verifyPayments(document.formatted("coins", "integer")))
                .withMessageContainingAll("Payment", "coins");
        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> verifyPayments(document.formatted("cash", "number")))
                .withMessageContaining("Payment");
    }

    private static void verifyPayments(String document) {
        Contract.ofOpenApi(document).answer("GET", "/row").verifyReadableAs(Payment[].class);
    }

    record Paid(Card by) {}

    @Test
    void subtypesAreToldInPropertiesAsWell() {
        fits("{properties: {by: {properties: {type: {enum: [card]}, number: {type: string}}}}}", Paid.class);
        breaks(
                "{properties: {by: {properties: {type: {enum: [cheque]}, number: {type: string}}}}}",
                Paid.class,
                "cheque");
    }

    record Read(@JsonDeserialize(using = Hexadecimal.class) int colour) {}

    static class Hexadecimal extends ValueDeserializer<Integer> {

        @Override
        public Integer deserialize(JsonParser parser, DeserializationContext context) {
            return Integer.parseInt(parser.getString(), 16);
        }
    }

    @Test
    void deserializersOfOthersAreTried() {
        fits(
                "{required: [colour], properties: {colour: {type: string, pattern: '[0-9a-f]+', example: ff}}}",
                Read.class);
        breaks("{required: [colour], properties: {colour: {type: string}}}", Read.class, "colour is read as int");
    }

    enum Level {
        LOW,
        @JsonEnumDefaultValue
        OTHER
    }

    record Leveled(Level level) {}

    @Test
    void valuesMayHaveADefault() {
        String schema = "{properties: {level: {enum: [LOW, HIGH]}}}";
        breaks(schema, Leveled.class, "\"HIGH\"");
        answering(schema)
                .withMapper(JsonMapper.builder()
                        .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
                        .build())
                .answer("GET", "/row")
                .verifyReadableAs(Leveled.class);
    }

    record Times(
            @JsonFormat(shape = JsonFormat.Shape.NUMBER) Instant at, LocalDateTime local) {}

    @Test
    void timesAreNumbersIfTheTypeSaysSo() {
        fits("{properties: {at: {type: integer}, local: {type: string, format: date-time}}}", Times.class);
    }

    record Absent(
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> tags,
            @JsonProperty(required = true) @Nullable String name) {}

    @Test
    void whatIsNeededIsWhatTheAnnotationsSay() {
        fits(
                "{required: [name], properties: {tags: {type: [array, 'null'], items: {type: string}}, name: {type: string}}}",
                Absent.class);
        breaks(
                "{required: [tags], properties: {tags: {type: array, items: {type: string}}, name: {type: string}}}",
                Absent.class,
                "name may be left out");
    }

    @Test
    void nothingIsSaidAboutAbsenceByADocumentThatRequiresNothing() {
        fits("{properties: {cents: {type: integer}}}", Coin.class);
        breaks("{required: [name], properties: {cents: {type: integer}, name: {}}}", Coin.class, "may be left out");
    }

    record Large(long number) {}

    record Coin(int cents) {}

    @Test
    void largeNumbersMayBeText() {
        fits("{properties: {number: {type: string, format: int64}}}", Large.class);
        breaks("{properties: {number: {type: string, format: int64}}}", Coin.class, "Coin.cents");
        breaks("{properties: {cents: {type: string, format: int64}}}", Coin.class, "read as int");
    }

    @JsonIgnoreProperties("fax")
    record Strict(String name) {}

    @Test
    void newPropertiesAreADriftIfTheMapperFailsOnThem() {
        Contract contract = answering("{properties: {name: {type: string}, fax: {type: string}, age: {}}}");
        contract.answer("GET", "/row").verifyReadableAs(Strict.class);
        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> contract.withMapper(JsonMapper.builder()
                                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                                .build())
                        .answer("GET", "/row")
                        .verifyReadableAs(Strict.class))
                .withMessageContaining("the property 'age'")
                .satisfies(broken -> assertThat(broken.drifts()).hasSize(1));
    }

    @Test
    void genericTypesAreReadAsWhatTheyAreOf() {
        Type slice = new ParameterizedTypeReference<Slice<Coin>>() {}.getType();
        fits(
                "{properties: {more: {type: boolean}, rows: {type: array, items: {properties: {cents: {type: integer}}}}}}",
                slice);
        breaks(
                "{properties: {more: {type: boolean}, rows: {type: array, items: {properties: {cents: {type: string}}}}}}",
                slice,
                "rows[].cents");
    }

    @Test
    void keysOfMapsAreRead() {
        Type map = new ParameterizedTypeReference<EnumMap<Level, Integer>>() {}.getType();
        fits("{properties: {LOW: {type: integer}}}", map);
        breaks("{properties: {HIGH: {type: integer}}}", map, "'HIGH'");
    }

    @Test
    void anythingIsReadAsAnything() {
        fits("{}", Object.class);
        fits(
                "{type: object, additionalProperties: {}}",
                new ParameterizedTypeReference<Map<String, Object>>() {}.getType());
        fits("{properties: {a: {type: array, items: {}}}}", JsonNode.class);
    }

    interface Unreadable {}

    @Test
    void typesThatJacksonCannotReadAreTold() {
        breaks("{properties: {name: {type: string}}}", Unreadable.class, "Unreadable");
    }
}
