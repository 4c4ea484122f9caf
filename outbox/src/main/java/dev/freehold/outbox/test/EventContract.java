package dev.freehold.outbox.test;

import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.PublishedState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a type of event looks like.
 *
 * @param type logical type
 * @param version schema version
 * @param topic where it is published
 * @param schema JSON schema of its payload
 */
record EventContract(String type, int version, String topic, JsonNode schema) {

    static EventContract of(Class<?> declared, OutboxEvent event, JsonMapper json) {
        return new EventContract(event.type(), event.version(), event.topic(), EventSchema.of(declared, json));
    }

    static EventContract of(PublishedState state, JsonMapper json) {
        return new EventContract(state.type(), state.version(), state.topic(), EventSchema.of(state.as(), json));
    }

    static EventContract of(JsonNode recorded) {
        return new EventContract(
                recorded.path("type").asString(""),
                recorded.path("version").asInt(0),
                recorded.path("topic").asString(""),
                recorded.path("schema"));
    }

    String name() {
        return type + ".v" + version;
    }

    ObjectNode recorded(JsonMapper json) {
        ObjectNode recorded = json.createObjectNode();
        recorded.put("type", type).put("version", version).put("topic", topic).set("schema", schema);
        return recorded;
    }

    /** What consumers of the recorded contract would stumble over. */
    List<String> breaksOf(EventContract before) {
        List<String> breaks = new ArrayList<>();
        if (!topic.equals(before.topic)) {
            breaks.add("it goes to topic '%s', and went to '%s'".formatted(topic, before.topic));
        }
        compare("payload", before.schema, schema, breaks);
        return breaks;
    }

    private static void compare(String at, JsonNode before, JsonNode now, List<String> breaks) {
        String wasType = kind(before);
        String isType = kind(now);
        if (!wasType.equals(isType)) {
            breaks.add("%s is %s, and was %s".formatted(at, isType, wasType));
            return;
        }
        Set<String> constants = strings(now.path("enum"));
        constants.removeAll(strings(before.path("enum")));
        if (before.has("enum") && !constants.isEmpty()) {
            breaks.add("%s may be %s, which consumers do not know".formatted(at, constants));
        }
        compareProperties(at, before, now, breaks);
        if (before.has("items") && now.has("items")) {
            compare(at + "[]", before.path("items"), now.path("items"), breaks);
        }
        if (before.has("additionalProperties") && now.has("additionalProperties")) {
            compare(at + ".*", before.path("additionalProperties"), now.path("additionalProperties"), breaks);
        }
    }

    private static void compareProperties(String at, JsonNode before, JsonNode now, List<String> breaks) {
        Set<String> wasRequired = strings(before.path("required"));
        Set<String> isRequired = strings(now.path("required"));
        for (Map.Entry<String, JsonNode> property : before.path("properties").properties()) {
            String name = property.getKey();
            String path = at + "." + name;
            JsonNode present = now.path("properties").path(name);
            if (present.isMissingNode()) {
                breaks.add(path + " is gone");
            } else if (isRequired.contains(name) && !wasRequired.contains(name)) {
                breaks.add(path + " is required now, and events before may have none");
            } else if (!isRequired.contains(name) && wasRequired.contains(name)) {
                breaks.add(path + " may be null now, and consumers rely on it");
            }
            if (!present.isMissingNode()) {
                compare(path, property.getValue(), present, breaks);
            }
        }
        for (String name : isRequired) {
            if (before.path("properties").path(name).isMissingNode()) {
                breaks.add("%s.%s is new and required, and events before have none".formatted(at, name));
            }
        }
    }

    private static String kind(JsonNode schema) {
        String type = schema.path("type").asString("anything");
        String format = schema.path("format").asString("");
        return format.isEmpty() ? type : type + " (" + format + ")";
    }

    private static Set<String> strings(JsonNode array) {
        Set<String> strings = new HashSet<>();
        array.forEach(element -> strings.add(element.asString()));
        return strings;
    }

    /** A payload as the schema allows it, with everything in it. */
    JsonNode sample(JsonMapper json) {
        return sample(schema, json);
    }

    private static JsonNode sample(JsonNode schema, JsonMapper json) {
        return switch (schema.path("type").asString("")) {
            case "string" -> json.getNodeFactory().stringNode(text(schema));
            case "integer", "number" -> json.getNodeFactory().numberNode(1);
            case "boolean" -> json.getNodeFactory().booleanNode(true);
            case "array" -> json.createArrayNode().add(sample(schema.path("items"), json));
            case "object" -> object(schema, json);
            default -> json.createObjectNode();
        };
    }

    private static ObjectNode object(JsonNode schema, JsonMapper json) {
        ObjectNode object = json.createObjectNode();
        schema.path("properties")
                .properties()
                .forEach(property -> object.set(property.getKey(), sample(property.getValue(), json)));
        return object;
    }

    private static String text(JsonNode schema) {
        if (schema.path("enum").size() > 0) {
            return schema.path("enum").get(0).asString();
        }
        return switch (schema.path("format").asString("")) {
            case "date-time" -> "2026-01-31T12:00:00Z";
            case "date" -> "2026-01-31";
            case "time" -> "12:00:00";
            case "uuid" -> "0199f3a5-7f3e-7c11-9a53-0c1f3cbb8a10";
            case "uri" -> "https://example.com";
            default -> "1";
        };
    }
}
