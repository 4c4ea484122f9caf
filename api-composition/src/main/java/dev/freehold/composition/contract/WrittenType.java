package dev.freehold.composition.contract;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatTypes;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonValueFormat;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.BeanPropertyWriter;

/** A schema of what Jackson writes for a Java type, as its serializers describe it. */
final class WrittenType extends JsonFormatVisitorWrapper.Base {

    private final ObjectNode schema = JsonNodeFactory.instance.objectNode();
    private final Set<JavaType> outer;

    private WrittenType(@Nullable SerializationContext context, Set<JavaType> outer) {
        super(context);
        this.outer = outer;
    }

    static Document of(StrictMapper mapper, JavaType type) {
        WrittenType written = new WrittenType(null, Set.of());
        mapper.lenient().acceptJsonFormatVisitor(type, written);
        return new Document(Drifts.name(type), written.schema, true, true);
    }

    private JsonNode inner(JsonFormatVisitable serializer, JavaType type) {
        WrittenType inner = new WrittenType(getContext(), outer);
        serializer.acceptJsonFormatVisitor(inner, type);
        return inner.schema;
    }

    // ---- objects, arrays and maps

    @Override
    public @Nullable JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
        Set<JavaType> all = new HashSet<>(outer);
        if (!all.add(type)) {
            return null; // within itself: that has been described
        }
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        return new JsonObjectFormatVisitor.Base(getContext()) {

            @Override
            public void property(BeanProperty property) {
                optionalProperty(property);
            }

            @Override
            public void optionalProperty(BeanProperty property) {
                WrittenType inner = new WrittenType(getContext(), all);
                serializer(property).acceptJsonFormatVisitor(inner, property.getType());
                properties.set(property.getName(), inner.schema);
            }

            private ValueSerializer<?> serializer(BeanProperty property) {
                return property instanceof BeanPropertyWriter writer && writer.hasSerializer()
                        ? writer.getSerializer()
                        : getContext().findPrimaryPropertySerializer(property.getType(), property);
            }
        };
    }

    @Override
    public JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
        schema.put("type", "array");
        return new JsonArrayFormatVisitor.Base(getContext()) {

            @Override
            public void itemsFormat(JsonFormatVisitable serializer, JavaType element) {
                schema.set("items", inner(serializer, element));
            }

            @Override
            public void itemsFormat(JsonFormatTypes format) {
                schema.putObject("items").put("type", format.value());
            }
        };
    }

    @Override
    public JsonMapFormatVisitor expectMapFormat(JavaType type) {
        schema.put("type", "object");
        return new JsonMapFormatVisitor.Base(getContext()) {

            @Override
            public void valueFormat(JsonFormatVisitable serializer, JavaType value) {
                schema.set("additionalProperties", inner(serializer, value));
            }
        };
    }

    // ---- scalars

    @Override
    public JsonStringFormatVisitor expectStringFormat(JavaType type) {
        schema.put("type", "string");
        return new JsonStringFormatVisitor.Base() {

            @Override
            public void format(JsonValueFormat format) {
                schema.put("format", format.toString());
            }

            @Override
            public void enumTypes(Set<String> values) {
                values.forEach(schema.putArray("enum")::add);
            }
        };
    }

    @Override
    public JsonIntegerFormatVisitor expectIntegerFormat(JavaType type) {
        schema.put("type", "integer");
        return new JsonIntegerFormatVisitor.Base() {

            @Override
            public void numberType(JsonParser.NumberType number) {
                schema.put("format", number == JsonParser.NumberType.INT ? "int32" : "int64");
            }
        };
    }

    @Override
    public JsonNumberFormatVisitor expectNumberFormat(JavaType type) {
        schema.put("type", "number");
        return new JsonNumberFormatVisitor.Base();
    }

    @Override
    public JsonBooleanFormatVisitor expectBooleanFormat(JavaType type) {
        schema.put("type", "boolean");
        return new JsonBooleanFormatVisitor.Base();
    }
}
