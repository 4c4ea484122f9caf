package dev.freehold.composition.contract;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema without references, alternatives and combinations.
 *
 * @param kind what the value is
 * @param pointer where that is said
 * @param properties of an object
 * @param required those that it always has
 * @param items of an array; null if nothing is said
 * @param others properties of an object beside those with a name; null if nothing is said
 * @param keywords everything else that is said
 */
record Shape(
        Kind kind,
        String pointer,
        Map<String, Schema> properties,
        Set<String> required,
        @Nullable Schema items,
        @Nullable Schema others,
        ObjectNode keywords) {

    /** What is of both shapes; null if nothing is. */
    @Nullable
    Shape and(Shape other) {
        Kind both = kind.and(other.kind);
        if (both == null) {
            return null;
        }
        Map<String, Schema> allProperties = new LinkedHashMap<>(properties);
        other.properties.forEach((name, schema) -> allProperties.merge(name, schema, Schema::and));
        Set<String> allRequired = new LinkedHashSet<>(required);
        allRequired.addAll(other.required);
        return new Shape(
                both,
                saysNothing() ? other.pointer : pointer,
                allProperties,
                allRequired,
                and(items, other.items),
                and(others, other.others),
                bothKeywords(other));
    }

    Shape at(String other) {
        return new Shape(kind, other, properties, required, items, others, keywords);
    }

    /** What both say once; of values, those that both have. */
    private ObjectNode bothKeywords(Shape other) {
        ObjectNode both =
                JsonNodeFactory.instance.objectNode().setAll(other.keywords).setAll(keywords);
        if (keywords.has("enum") && other.keywords.has("enum")) {
            Collection<JsonNode> others = other.keywords.path("enum").values();
            both.putArray("enum")
                    .addAll(keywords.path("enum").values().stream()
                            .filter(others::contains)
                            .toList());
        }
        return both;
    }

    private boolean saysNothing() {
        return kind == Kind.ANY && keywords.path("enum").isMissingNode();
    }

    private static @Nullable Schema and(@Nullable Schema one, @Nullable Schema other) {
        return one == null ? other : other == null ? one : one.and(other);
    }

    /** What a property is, by name or as one of the others; null if it has none such. */
    @Nullable
    Schema property(String name) {
        return properties.getOrDefault(name, others);
    }

    /** The only values that it may have; empty if there are more than can be told. */
    List<JsonNode> values() {
        Collection<JsonNode> all = keywords.has("const")
                ? List.of(keywords.path("const"))
                : keywords.path("enum").values();
        List<JsonNode> fitting = new ArrayList<>(all);
        fitting.removeIf(value -> !kind.has(value));
        return fitting;
    }

    String format() {
        return keywords.path("format").asString("");
    }

    @Nullable
    BigDecimal bound(String keyword) {
        JsonNode bound = keywords.path(keyword);
        return bound.isNumber() ? bound.decimalValue() : null;
    }

    /** As in "text (date-time)". */
    String description() {
        String format = format();
        return format.isEmpty() ? kind.toString() : kind + " (" + format + ")";
    }
}
