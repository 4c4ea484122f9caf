package dev.freehold.composition.contract;

import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.Nullness;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.util.NameTransformer;

/**
 * A property that is read out of an object.
 *
 * @param owner simple name of the type that has it
 * @param names that it has in JSON, the first one before its aliases
 * @param type that it is read into
 * @param needsValue whether it cannot be null
 * @param needsPresence whether reading fails if it is not there, though null would do
 */
record ReadProperty(String owner, List<String> names, ReadType type, boolean needsValue, boolean needsPresence) {

    static ReadProperty of(StrictMapper mapper, SettableBeanProperty property) {
        DeserializationConfig config = mapper.context().getConfig();
        List<PropertyName> aliases =
                config.getAnnotationIntrospector().findPropertyAliases(config, property.getMember());
        Stream<String> others = aliases == null ? Stream.of() : aliases.stream().map(PropertyName::getSimpleName);
        return new ReadProperty(
                Drifts.name(mapper.type(property.getMember().getDeclaringClass())),
                Stream.concat(Stream.of(property.getName()), others).toList(),
                ReadType.of(mapper, property),
                needsValue(property),
                property.isRequired());
    }

    private static boolean needsValue(SettableBeanProperty property) {
        Nulls nulls = property.getMetadata().getValueNulls();
        if (nulls == Nulls.SKIP || nulls == Nulls.AS_EMPTY || property.getType().isReferenceType()) {
            return false;
        }
        return property.getType().isPrimitive() || nullness(property.getMember()) == Nullness.NON_NULL;
    }

    private static Nullness nullness(AnnotatedMember member) {
        if (member instanceof AnnotatedParameter parameter) {
            Executable owner = (Executable) parameter.getOwner().getMember();
            return Nullness.forParameter(owner.getParameters()[parameter.getIndex()]);
        }
        AnnotatedElement element = member.getAnnotated();
        if (element instanceof Method setter && setter.getParameterCount() == 1) {
            return Nullness.forParameter(setter.getParameters()[0]);
        }
        return element instanceof Field field ? Nullness.forField(field) : Nullness.UNSPECIFIED;
    }

    String name() {
        return names.get(0);
    }

    /** As in {@code Customer.name}. */
    String javaName() {
        return owner + "." + name();
    }

    ReadProperty renamed(NameTransformer transformer) {
        return new ReadProperty(
                owner, names.stream().map(transformer::transform).toList(), type, needsValue, needsPresence);
    }
}
