package dev.freehold.outbox.test;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
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
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of a class as a JSON schema, as its mapper writes it. A property is required unless it may be null: an {@code
 * Optional}, or marked with an annotation that is called {@code Nullable}.
 */
final class EventSchema extends JsonFormatVisitorWrapper.Base {

    private final JsonMapper json;
    private final ObjectNode schema;
    private final Set<JavaType> within;

    private EventSchema(JsonMapper json, Set<JavaType> within) {
        this.json = json;
        this.schema = json.createObjectNode();
        this.within = within;
    }

    static ObjectNode of(Class<?> type, JsonMapper json) {
        EventSchema visitor = new EventSchema(json, Set.of());
        json.acceptJsonFormatVisitor(type, visitor);
        return visitor.schema;
    }

    private ObjectNode inner(JsonFormatVisitable visited, JavaType type) {
        EventSchema visitor = new EventSchema(json, within);
        visitor.setContext(getContext());
        visited.acceptJsonFormatVisitor(visitor, type);
        return visitor.schema;
    }

    @Override
    public @Nullable JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
        schema.put("type", "object");
        if (within.contains(type)) {
            return null; // it holds others of its kind
        }
        Set<JavaType> outer = new HashSet<>(within);
        outer.add(type);
        return new Properties(this, outer);
    }

    @Override
    public JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
        schema.put("type", "array");
        return new JsonArrayFormatVisitor.Base(getContext()) {
            @Override
            public void itemsFormat(JsonFormatVisitable handler, JavaType element) {
                schema.set("items", inner(handler, element));
            }

            @Override
            public void itemsFormat(JsonFormatTypes format) {
                schema.set("items", json.createObjectNode().put("type", format.value()));
            }
        };
    }

    @Override
    public JsonMapFormatVisitor expectMapFormat(JavaType type) {
        schema.put("type", "object");
        return new JsonMapFormatVisitor.Base(getContext()) {
            @Override
            public void valueFormat(JsonFormatVisitable handler, JavaType value) {
                schema.set("additionalProperties", inner(handler, value));
            }
        };
    }

    @Override
    public JsonStringFormatVisitor expectStringFormat(JavaType type) {
        schema.put("type", "string");
        return new JsonStringFormatVisitor.Base() {
            @Override
            public void format(JsonValueFormat format) {
                schema.put("format", format.toString().toLowerCase(Locale.ROOT));
            }

            @Override
            public void enumTypes(Set<String> constants) {
                var sorted = schema.putArray("enum");
                new TreeSet<>(constants).forEach(sorted::add);
            }
        };
    }

    @Override
    public JsonNumberFormatVisitor expectNumberFormat(JavaType type) {
        schema.put("type", "number");
        return new JsonNumberFormatVisitor.Base();
    }

    @Override
    public JsonIntegerFormatVisitor expectIntegerFormat(JavaType type) {
        schema.put("type", "integer");
        return new JsonIntegerFormatVisitor.Base();
    }

    @Override
    public JsonBooleanFormatVisitor expectBooleanFormat(JavaType type) {
        schema.put("type", "boolean");
        return new JsonBooleanFormatVisitor.Base();
    }

    @Override
    public JsonAnyFormatVisitor expectAnyFormat(JavaType type) {
        return new JsonAnyFormatVisitor.Base();
    }

    /** The properties of an object, by name. */
    private static final class Properties extends JsonObjectFormatVisitor.Base {

        private final EventSchema object;
        private final Set<JavaType> outer;

        Properties(EventSchema object, Set<JavaType> outer) {
            super(object.getContext());
            this.object = object;
            this.outer = outer;
        }

        @Override
        public void property(BeanProperty property) {
            add(property, true);
        }

        @Override
        public void optionalProperty(BeanProperty property) {
            add(property, property.isRequired() || !mayBeNull(property));
        }

        private void add(BeanProperty property, boolean required) {
            EventSchema visitor = new EventSchema(object.json, outer);
            visitor.setContext(getContext());
            getContext()
                    .findPrimaryPropertySerializer(property.getType(), property)
                    .acceptJsonFormatVisitor(visitor, property.getType());
            object.schema.withObject("properties").set(property.getName(), visitor.schema);
            if (required) {
                object.schema.withArray("required").add(property.getName());
            }
        }

        private static boolean mayBeNull(BeanProperty property) {
            if (property.getType().isPrimitive()) {
                return false;
            }
            AnnotatedElement member = property.getMember().getAnnotated();
            return property.getType().hasRawClass(Optional.class)
                    || Stream.concat(Arrays.stream(member.getAnnotations()), annotationsOfType(member))
                            .anyMatch(annotation ->
                                    annotation.annotationType().getSimpleName().equals("Nullable"));
        }

        private static Stream<Annotation> annotationsOfType(AnnotatedElement member) {
            AnnotatedType type = member instanceof Field field
                    ? field.getAnnotatedType()
                    : member instanceof Method method ? method.getAnnotatedReturnType() : null;
            return type == null || member instanceof Executable executable && executable.getParameterCount() > 0
                    ? Stream.empty()
                    : Arrays.stream(type.getAnnotations());
        }
    }
}
