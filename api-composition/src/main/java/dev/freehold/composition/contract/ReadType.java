package dev.freehold.composition.contract;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.std.ContainerDeserializerBase;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.util.NameTransformer;

/** A Java type that JSON is read into, as Jackson does it: what it reads is asked of the deserializer that will read it. */
final class ReadType {

    private static final Set<Class<?>> TIMES = Set.of(
            Instant.class, OffsetDateTime.class, ZonedDateTime.class, Duration.class, Date.class, Calendar.class);

    private final StrictMapper mapper;
    private final JavaType type;
    private final ValueDeserializer<Object> deserializer;
    private final @Nullable TypeDeserializer subtypes;
    private final boolean wantsNumbers;

    private ReadType(
            StrictMapper mapper,
            JavaType type,
            ValueDeserializer<Object> deserializer,
            @Nullable TypeDeserializer subtypes,
            boolean wantsNumbers) {
        this.mapper = mapper;
        this.type = type;
        this.deserializer = deserializer;
        this.subtypes = subtypes;
        this.wantsNumbers = wantsNumbers;
    }

    /**
     * Begins with a type.
     *
     * @throws JacksonException if Jackson has no way to read it
     */
    static ReadType of(StrictMapper mapper, JavaType type) {
        return new ReadType(mapper, type, mapper.reader(type), null, false);
    }

    static ReadType of(StrictMapper mapper, SettableBeanProperty property) {
        JsonFormat format = property.getAnnotation(JsonFormat.class);
        return new ReadType(
                mapper,
                property.getType(),
                property.getValueDeserializer(),
                property.getValueTypeDeserializer(),
                format != null && format.shape().isNumeric());
    }

    JavaType type() {
        return type;
    }

    /** What is in it, for an {@code Optional} and the like; else itself. */
    ReadType referred() {
        return type.isReferenceType() ? of(mapper, type.getContentType()).referred() : this;
    }

    boolean isPlural() {
        return type.isCollectionLikeType() || type.isArrayType();
    }

    boolean isTime() {
        return TIMES.contains(type.getRawClass());
    }

    boolean isMap() {
        return type.isMapLikeType();
    }

    /** What reads the elements of an array, or the values of a map. */
    ReadType content() {
        JavaType content = type.getContentType();
        ValueDeserializer<Object> reader = deserializer instanceof ContainerDeserializerBase<?> container
                ? container.getContentDeserializer()
                : null;
        return reader == null || mapper.context().findTypeDeserializer(content) != null
                ? of(mapper, content)
                : new ReadType(mapper, content, reader, null, wantsNumbers);
    }

    // ---- objects

    /** The properties that it reads out of an object; null if it has a way of its own to read one. */
    @Nullable
    List<ReadProperty> properties() {
        if (subtypes != null || !(deserializer instanceof BeanDeserializerBase bean)) {
            return null;
        }
        ValueInstantiator creator = bean.getValueInstantiator();
        if (!creator.canCreateFromObjectWith() && !creator.canCreateUsingDefault()) {
            return null;
        }
        List<ReadProperty> properties = new ArrayList<>();
        bean.properties().forEachRemaining(property -> {
            if (!property.isIgnorable() && !property.isInjectionOnly()) {
                properties.add(ReadProperty.of(mapper, property));
            }
        });
        properties.addAll(unwrapped());
        return properties;
    }

    /** The properties of properties that are in the same object. */
    private List<ReadProperty> unwrapped() {
        DeserializationContext context = mapper.context();
        DeserializationConfig config = context.getConfig();
        AnnotationIntrospector annotations = config.getAnnotationIntrospector();
        List<ReadProperty> all = new ArrayList<>();
        for (BeanPropertyDefinition property :
                context.lazyIntrospectBeanDescription(type).get().findProperties()) {
            NameTransformer names = property.getPrimaryMember() == null
                    ? null
                    : annotations.findUnwrappingNameTransformer(config, property.getPrimaryMember());
            List<ReadProperty> inner =
                    names == null ? null : of(mapper, property.getPrimaryType()).properties();
            if (names != null && inner != null) {
                inner.forEach(one -> all.add(one.renamed(names)));
            }
        }
        return all;
    }

    /** Whether it is content with properties that it does not know. */
    boolean readsUnknown(String name) {
        if (!mapper.failsOnUnknown() || !(deserializer instanceof BeanDeserializerBase bean) || bean.hasAnySetter()) {
            return true;
        }
        DeserializationContext context = mapper.context();
        var ignored = context.getConfig()
                .getAnnotationIntrospector()
                .findPropertyIgnoralByName(context.getConfig(), context.introspectClassAnnotations(type));
        return ignored.getIgnoreUnknown()
                || ignored.findIgnoredForDeserialization().contains(name);
    }

    // ---- trying

    /** Why it does not read a value of a shape; null if it does. */
    @Nullable
    String refusal(Shape shape, JsonNode value) {
        if (shape.kind().isNumeric() && isTime() && !wantsNumbers) {
            return "numbers are read as times, whatever they count";
        }
        try {
            if (Probes.isNumberAsText(shape)) {
                mapper.lenient().readerFor(type).readValue(value);
            } else {
                read(value);
            }
            return null;
        } catch (ValueInstantiationException refused) {
            // The type itself checks its values: a text that has been made up here proves nothing against it.
            return Probes.areMadeUp(shape) ? null : message(refused);
        } catch (RuntimeException refused) { // deserializers of others may throw anything
            return message(refused);
        }
    }

    private static String message(RuntimeException refused) {
        return refused instanceof JacksonException jackson ? jackson.getOriginalMessage() : refused.toString();
    }

    private void read(JsonNode value) {
        var context = mapper.strict()._deserializationContext();
        try (JsonParser parser = context.assignAndReturnParser(mapper.strict().createParser(value.toString()))) {
            parser.nextToken();
            if (subtypes == null) {
                deserializer.deserialize(parser, context);
            } else {
                deserializer.deserializeWithType(parser, context, subtypes);
            }
        }
    }

    /** Whether a name of a property can be a key of the map that it is. */
    boolean readsKey(String name) {
        DeserializationContext context = mapper.context();
        try {
            context.findKeyDeserializer(type.getKeyType(), null).deserializeKey(name, context);
            return true;
        } catch (RuntimeException refused) { // as above
            return false;
        }
    }
}
