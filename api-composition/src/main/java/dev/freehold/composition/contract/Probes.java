package dev.freehold.composition.contract;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values that a service may answer by what it says: the far ends of each shape, to be tried on the reader. */
final class Probes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 4;
    private static final String TEXT = "text";
    private static final Set<String> NUMBERS_AS_TEXT = Set.of("int64", "uint64", "decimal");
    private static final Map<String, String> OF_FORMAT = Map.ofEntries(
            Map.entry("uuid", "7f3c2b1a-9d8e-4c5b-8a7f-0123456789ab"),
            Map.entry("date", "2024-05-17"),
            Map.entry("date-time", "2024-05-17T10:15:30.123Z"),
            Map.entry("time", "10:15:30"),
            Map.entry("duration", "PT1H30M"),
            Map.entry("uri", "https://example.org/a"),
            Map.entry("url", "https://example.org/a"),
            Map.entry("uri-reference", "/a"),
            Map.entry("email", "a@example.org"),
            Map.entry("hostname", "example.org"),
            Map.entry("ipv4", "192.0.2.1"),
            Map.entry("ipv6", "2001:db8::1"),
            Map.entry("byte", "dGV4dA=="));

    private Probes() {}

    /** Whether what stands for a shape has been made up, where the service itself says no more than what kind it is of. */
    static boolean areMadeUp(Shape shape) {
        return shape.values().isEmpty();
    }

    /** Whether a shape is a number that is written as text, as some do so that JavaScript can read it. */
    static boolean isNumberAsText(Shape shape) {
        return shape.kind() == Kind.STRING && NUMBERS_AS_TEXT.contains(shape.format());
    }

    /** Whether a format tells what a text is like. */
    static boolean isKnown(String format) {
        return OF_FORMAT.containsKey(format);
    }

    /** All that must be readable for a shape to be. */
    static List<JsonNode> of(Shape shape, Class<?> type) {
        List<JsonNode> values = shape.values();
        if (!values.isEmpty()) {
            return values;
        }
        return switch (shape.kind()) {
            case STRING -> List.of(NODES.stringNode(text(shape, type)));
            case INTEGER -> integers(shape);
            case NUMBER -> isWhole(shape) ? integers(shape) : List.of(NODES.numberNode(new BigDecimal("0.5")));
            case BOOLEAN -> List.of(NODES.booleanNode(true));
            case OBJECT -> List.of(object(shape, 0));
            case ARRAY -> List.of(array(shape, 0));
            case NULL -> List.of();
            case ANY -> List.of(NODES.stringNode(TEXT), NODES.numberNode(0.5), NODES.objectNode());
        };
    }

    // ---- text

    private static String text(Shape shape, Class<?> type) {
        String format = shape.format();
        if (format.equals("date-time") && type == LocalDateTime.class) {
            return "2024-05-17T10:15:30"; // what Java services without zones mean by it
        }
        if (format.equals("time") && type == OffsetTime.class) {
            return "10:15:30Z";
        }
        if (isNumberAsText(shape)) {
            return format.endsWith("int64") ? String.valueOf(Long.MAX_VALUE) : "0.5";
        }
        String known = OF_FORMAT.get(format);
        if (known != null) {
            return known;
        }
        String example = example(shape);
        if (example != null && !type.isEnum()) {
            return example;
        }
        BigDecimal longest = shape.bound("maxLength");
        return longest == null ? TEXT : TEXT.substring(0, Math.min(TEXT.length(), longest.intValue()));
    }

    /** Where no format tells what a text is like, an example may. */
    static @Nullable String example(Shape shape) {
        JsonNode example = shape.keywords().has("example")
                ? shape.keywords().path("example")
                : shape.keywords().path("examples").path(0);
        return example.isString() ? example.stringValue() : null;
    }

    // ---- numbers

    private static List<JsonNode> integers(Shape shape) {
        return List.of(NODES.numberNode(minimum(shape)), NODES.numberNode(maximum(shape)));
    }

    private static boolean isWhole(Shape shape) {
        JsonNode step = shape.keywords().path("multipleOf");
        return step.isNumber() && step.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private static BigInteger maximum(Shape shape) {
        BigDecimal said = shape.bound("maximum");
        BigInteger ofFormat = switch (shape.format()) {
            case "int32" -> BigInteger.valueOf(Integer.MAX_VALUE);
            case "int64" -> BigInteger.valueOf(Long.MAX_VALUE);
            default -> said == null ? BigInteger.ONE : said.toBigInteger();
        };
        return said == null ? ofFormat : ofFormat.min(said.toBigInteger());
    }

    private static BigInteger minimum(Shape shape) {
        BigDecimal said = shape.bound("minimum");
        return said == null ? BigInteger.ONE.min(maximum(shape)) : said.toBigInteger();
    }

    // ---- objects and arrays, for what reads them in a way of its own

    private static ObjectNode object(Shape shape, int depth) {
        ObjectNode object = NODES.objectNode();
        shape.properties().forEach((name, schema) -> {
            JsonNode value = depth < DEEPEST && !schema.isWriteOnly() ? any(schema, depth + 1) : null;
            if (value != null) {
                object.set(name, value);
            }
        });
        JsonNode discriminator = shape.keywords().path("discriminator");
        if (discriminator.has("propertyName")) {
            object.put(discriminator.path("propertyName").asString(""), discriminated(shape, discriminator));
        }
        return object;
    }

    private static String discriminated(Shape shape, JsonNode discriminator) {
        String name = shape.pointer().substring(shape.pointer().lastIndexOf('/') + 1);
        List<String> mapped = new ArrayList<>();
        discriminator.path("mapping").properties().forEach(entry -> {
            String target = entry.getValue().asString("");
            if (target.equals(shape.pointer()) || target.equals(name)) {
                mapped.add(entry.getKey());
            }
        });
        return mapped.isEmpty() ? name : mapped.get(0);
    }

    private static JsonNode array(Shape shape, int depth) {
        JsonNode element = shape.items() == null || depth >= DEEPEST ? null : any(shape.items(), depth + 1);
        return element == null ? NODES.arrayNode() : NODES.arrayNode().add(element);
    }

    private static @Nullable JsonNode any(Schema schema, int depth) {
        for (Shape shape : schema.shapes()) {
            switch (shape.kind()) {
                case OBJECT:
                    return object(shape, depth);
                case ARRAY:
                    return array(shape, depth);
                case NULL:
                    break;
                default:
                    return of(shape, Object.class).get(0);
            }
        }
        return null;
    }
}
