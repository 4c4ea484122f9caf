package dev.freehold.composition;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of a view, by annotations or by a {@link ViewSpec}.
 *
 * @param type of its rows
 * @param words in which it is said
 * @param view what is said of it; null: nothing
 * @param components what is said of its components, one after the other
 */
record ViewDeclaration(
        Class<?> type, Wording words, @Nullable ComposedView view, List<Component> components) {

    /**
     * What is said of a component.
     *
     * @param name of the component
     * @param as {@link Root}, {@link One} or {@link Many}
     */
    record Component(String name, Annotation as) {}

    static ViewDeclaration annotated(Class<?> type) {
        List<Component> components = new ArrayList<>();
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                Stream.of(Root.class, One.class, Many.class)
                        .map(kind -> (Annotation) component.getAnnotation(kind))
                        .filter(annotation -> annotation != null)
                        .forEach(annotation -> components.add(new Component(component.getName(), annotation)));
            }
        }
        return new ViewDeclaration(type, Wording.ANNOTATIONS, type.getAnnotation(ComposedView.class), components);
    }

    /** Its components, if it is a record. */
    List<String> names() {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    /** Adds to the problems what is said of a component that is not there. */
    void requireKnown(Problems problems) {
        List<String> names = names();
        for (Component said : components) {
            if (!names.contains(said.name())) {
                problems.add(
                        type.getSimpleName(),
                        "describes '%s', which is no component of it.".formatted(said.name()),
                        Problems.choose(said.name(), names));
            }
        }
    }

    /** What is said of a component. */
    List<Annotation> of(RecordComponent component) {
        return components.stream()
                .filter(said -> said.name().equals(component.getName()))
                .map(Component::as)
                .toList();
    }
}
