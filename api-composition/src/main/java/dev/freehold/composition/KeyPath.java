package dev.freehold.composition;

import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Where the keys of a component are.
 *
 * @param via reads the elements that have them; null if there is one key
 * @param key reads a key out of an element, or out of the row; null if the element is the key
 */
record KeyPath(
        @Nullable Function<Object, @Nullable Object> via,
        @Nullable Function<Object, @Nullable Object> key) {

    /** Null if something is wrong, which has been said. */
    static @Nullable KeyPath of(ViewComponent component, ResolvableType parent, SourceDefinition source) {
        try {
            return component.hasVia() ? many(component, parent, source) : one(component, parent, source);
        } catch (PropertyPath.UnknownPropertyException unknown) {
            component.wrong(
                    "takes its keys from '%s'.".formatted(component.path()),
                    unknown.getMessage(component.site()) + ".");
            return null;
        }
    }

    private static @Nullable KeyPath one(ViewComponent component, ResolvableType parent, SourceDefinition source)
            throws PropertyPath.UnknownPropertyException {
        if (component.rest().isEmpty()) {
            component.wrong(
                    "has key '%s', which is a component, not a key.".formatted(component.key()),
                    "Name a property of it: %s."
                            .formatted(component.choose(
                                    "key = \"%s.id\"".formatted(component.key()),
                                    "\"%s.id\"".formatted(component.key()))));
            return null;
        }
        PropertyPath path = PropertyPath.of(parent, component.rest());
        if (element(path.type()) != null) {
            component.wrong(
                    "has key '%s', which is a collection.".formatted(component.key()),
                    component
                            .choose(
                                    "Use @Many(source = \"%2$s\", via = \"%3$s\", key = \"…\").",
                                    "Use manyVia(\"%1$s\", \"%2$s\", \"%3$s\", \"…\").")
                            .formatted(component.name(), component.source(), component.key()));
            return null;
        }
        return isOfType(component, path.type(), source) ? new KeyPath(null, path.reader()) : null;
    }

    private static @Nullable KeyPath many(ViewComponent component, ResolvableType parent, SourceDefinition source)
            throws PropertyPath.UnknownPropertyException {
        PropertyPath via = PropertyPath.of(parent, component.rest());
        ResolvableType element = element(via.type());
        if (element == null) {
            component.wrong(
                    "goes via '%s', which is %s and no collection."
                            .formatted(component.via(), PropertyPath.name(via.type())),
                    component
                            .choose(
                                    "Name a collection, or leave via out: key = \"%3$s.…\".",
                                    "Name a collection, or use one or many: many(\"%1$s\", \"%2$s\", \"%3$s.…\").")
                            .formatted(component.name(), component.source(), component.via()));
            return null;
        }
        PropertyPath key = PropertyPath.of(element, component.key());
        return isOfType(component, key.type(), source)
                ? new KeyPath(via.reader() == null ? elements -> elements : via.reader(), key.reader())
                : null;
    }

    private static boolean isOfType(ViewComponent component, ResolvableType key, SourceDefinition source) {
        if (KeyTypes.boxed(key) == source.keyType()) {
            return true;
        }
        component.wrong(
                "has keys of %s, but source '%s' takes %s."
                        .formatted(
                                PropertyPath.name(key),
                                source.name(),
                                source.keyType().getSimpleName()),
                "Use one type for both: values of two types are never equal.");
        return false;
    }

    static @Nullable ResolvableType element(ResolvableType type) {
        Class<?> raw = PropertyPath.raw(type);
        if (raw.isArray() && !raw.getComponentType().isPrimitive()) {
            return type.getComponentType();
        }
        return Collection.class.isAssignableFrom(raw)
                ? type.as(Collection.class).getGeneric(0)
                : null;
    }
}
