package dev.freehold.composition;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * What a component of a view says.
 *
 * @param component the record's
 * @param declared its annotation
 * @param problems where to say what is wrong with it
 */
record ViewComponent(RecordComponent component, Annotation declared, Problems problems) {

    /** Null if it has no annotation, or several, which has been added to the problems. */
    static @Nullable ViewComponent of(RecordComponent component, Problems problems) {
        List<Annotation> annotations = Stream.of(Root.class, One.class, Many.class)
                .map(type -> (Annotation) component.getAnnotation(type))
                .filter(annotation -> annotation != null)
                .toList();
        if (annotations.size() == 1) {
            return new ViewComponent(component, annotations.get(0), problems);
        }
        problems.add(
                where(component),
                annotations.isEmpty() ? "has no annotation." : "has more than one annotation.",
                "Say with one what it is: @Root, @One or @Many.");
        return null;
    }

    private static String where(RecordComponent component) {
        return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
    }

    String where() {
        return where(component);
    }

    void wrong(String what, String fix) {
        problems.add(where(), what, fix);
    }

    String name() {
        return component.getName();
    }

    ResolvableType type() {
        return ResolvableType.forType(component.getGenericType());
    }

    boolean isRoot() {
        return declared instanceof Root;
    }

    boolean isMany() {
        return declared instanceof Many;
    }

    String source() {
        return declared instanceof One one ? one.source() : declared instanceof Many many ? many.source() : "";
    }

    Join join() {
        return declared instanceof One one ? one.join() : declared instanceof Many many ? many.join() : Join.LEFT;
    }

    /** The component of the filter that it is found by; empty: none. */
    String filter() {
        return declared instanceof One one ? one.filter() : "";
    }

    /** How many rows are shown; 0: all. */
    int limit() {
        return declared instanceof Many many ? many.limit() : 0;
    }

    String key() {
        return declared instanceof One one ? one.key() : declared instanceof Many many ? many.key() : "";
    }

    String via() {
        return declared instanceof Many many ? many.via() : "";
    }

    boolean hasVia() {
        return !via().isEmpty();
    }

    /** The path from a component of the view. */
    String path() {
        return hasVia() ? via() : key();
    }

    /** The path of the keys, for people: {@code order.customerId}, {@code order.lines[].sku}. */
    String keys() {
        return !hasVia() ? key() : key().isEmpty() ? via() + "[]" : via() + "[]." + key();
    }

    /** The component that the path begins with. */
    String parent() {
        int dot = path().indexOf('.');
        return dot < 0 ? path() : path().substring(0, dot);
    }

    /** The path behind that; may be empty. */
    String rest() {
        int dot = path().indexOf('.');
        return dot < 0 ? "" : path().substring(dot + 1);
    }
}
