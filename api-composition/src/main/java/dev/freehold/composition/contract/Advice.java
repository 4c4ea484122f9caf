package dev.freehold.composition.contract;

import java.util.List;
import java.util.Map;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;

/** What to do about a value that is of another shape than its reader expects. */
final class Advice {

    private Advice() {}

    static String of(Shape shape, ReadType type) {
        if (shape.kind().isNumeric() && type.isTime()) {
            return "Read it as a number, or say @JsonFormat(shape = NUMBER) if it counts what Jackson takes it for.";
        }
        return switch (shape.kind()) {
            case OBJECT -> type.isPlural() ? envelope(shape) : "Read it as a record or a Map.";
            case ARRAY -> "Read it as a list: List<%s>.".formatted(Drifts.name(type.type()));
            case ANY -> "Have the service say what it is, or read it as Object.";
            default ->
                shape.kind() == Kind.STRING && shape.format().isEmpty()
                        ? "Read it as String, or have the service say its format."
                        : "Read it as %s.".formatted(types(shape));
        };
    }

    /** The types of Java that have the values of a shape. */
    static String types(Shape shape) {
        return switch (shape.kind()) {
            case OBJECT -> "a record or a Map";
            case ARRAY -> "a List";
            case INTEGER -> shape.format().equals("int32") ? "int or long" : "long";
            case NUMBER -> "BigDecimal or double";
            case BOOLEAN -> "boolean";
            default -> text(shape.format());
        };
    }

    private static String text(String format) {
        return switch (format) {
            case "uuid" -> "UUID";
            case "date" -> "LocalDate";
            case "date-time" -> "Instant or OffsetDateTime";
            case "time" -> "LocalTime or OffsetTime";
            case "duration" -> "Duration";
            default -> "String";
        };
    }

    private static String envelope(Shape object) {
        List<String> arrays = object.properties().entrySet().stream()
                .filter(property -> isArray(property.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        return arrays.isEmpty()
                ? "Read one of them instead of many."
                : "What was the answer may be in it now: read a record with '%s'."
                        .formatted(String.join("' or '", arrays));
    }

    private static boolean isArray(Schema schema) {
        return schema.shapes().stream().anyMatch(shape -> shape.kind() == Kind.ARRAY);
    }

    /** What a value is; with an example, or with what Jackson says if it is not seen at once why it is refused. */
    static String described(Shape shape, JsonNode value, ReadType type, String refusal) {
        String text = shape.description();
        return switch (shape.kind()) {
            case ARRAY -> text;
            case OBJECT ->
                type.isPlural() || ClassUtils.isSimpleValueType(type.type().getRawClass())
                        ? text
                        : text + ": " + refusal;
            default -> text + ", such as " + value;
        };
    }
}
