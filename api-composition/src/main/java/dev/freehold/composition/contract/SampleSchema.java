package dev.freehold.composition.contract;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The narrowest schema that some values fit: objects have what all of them have, scalars are one of those that there are. */
final class SampleSchema {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SampleSchema() {}

    static JsonNode of(JsonNode value) {
        return of(List.of(value));
    }

    private static JsonNode of(List<JsonNode> values) {
        Map<Kind, List<JsonNode>> kinds = new EnumMap<>(Kind.class);
        values.forEach(value ->
                kinds.computeIfAbsent(Kind.of(value), kind -> new ArrayList<>()).add(value));
        List<JsonNode> schemas = new ArrayList<>();
        kinds.forEach((kind, some) -> schemas.add(schema(kind, some)));
        if (schemas.size() == 1) {
            return schemas.get(0);
        }
        ObjectNode either = NODES.objectNode();
        either.putArray("anyOf").addAll(schemas);
        return either;
    }

    private static JsonNode schema(Kind kind, List<JsonNode> values) {
        return switch (kind) {
            case OBJECT -> object(values);
            case ARRAY -> array(values);
            default -> scalar(values);
        };
    }

    private static JsonNode object(List<JsonNode> values) {
        Map<String, List<JsonNode>> byName = new LinkedHashMap<>();
        values.forEach(value -> value.properties()
                .forEach(property -> byName.computeIfAbsent(property.getKey(), name -> new ArrayList<>())
                        .add(property.getValue())));
        ObjectNode schema = NODES.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        byName.forEach((name, some) -> properties.set(name, of(some)));
        byName.keySet().removeIf(name -> byName.getOrDefault(name, List.of()).size() < values.size());
        byName.keySet().forEach(schema.putArray("required")::add);
        return schema;
    }

    /** Of arrays that are all empty, nothing is known about the elements: there is none that could not be read. */
    private static JsonNode array(List<JsonNode> values) {
        List<JsonNode> elements = new ArrayList<>();
        values.forEach(value -> elements.addAll(value.values()));
        ObjectNode schema = NODES.objectNode().put("type", "array");
        return schema.set("items", elements.isEmpty() ? NODES.booleanNode(false) : of(elements));
    }

    private static JsonNode scalar(List<JsonNode> values) {
        ObjectNode schema = NODES.objectNode();
        schema.putArray("enum").addAll(new LinkedHashSet<>(values));
        return schema;
    }
}
