package dev.freehold.composition;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * What is said of a component of a view.
 *
 * @param component the record's
 * @param declared {@link Root}, {@link One} or {@link Many}
 * @param site where it is said
 */
record ViewComponent(RecordComponent component, Annotation declared, Site site) {

    /** Null if nothing is said of it, or several things are, which has been added to the problems. */
    static @Nullable ViewComponent of(RecordComponent component, ViewDeclaration view, Problems problems) {
        List<Annotation> said = view.of(component);
        Site site = new Site(
                component.getDeclaringRecord().getSimpleName() + "." + component.getName(), view.words(), problems);
        if (said.size() == 1) {
            return new ViewComponent(component, said.get(0), site);
        }
        site.wrong(
                said.isEmpty()
                        ? site.choose("has no annotation.", "is not described.")
                        : site.choose("has more than one annotation.", "is described more than once."),
                "Say %s what it is: %s."
                        .formatted(
                                site.choose("with one", "once"),
                                site.choose("@Root, @One or @Many", "root, one, many or manyVia")));
        return null;
    }

    void wrong(String what, String fix) {
        site.wrong(what, fix);
    }

    /** As {@link Wording#option}. */
    String option(String option, Object value) {
        return site.option(option, value);
    }

    /** As {@link Wording#choose}. */
    String choose(String ofAnnotations, String ofSpecs) {
        return site.choose(ofAnnotations, ofSpecs);
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
