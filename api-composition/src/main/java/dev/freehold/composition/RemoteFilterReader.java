package dev.freehold.composition;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** Reads {@link One#filter}: whether its source and the root can do that. */
final class RemoteFilterReader {

    private static final String ELSE = " Or build a replica for it (module read-replica).";

    private final ViewComponent component;
    private final RootDefinition root;
    private final String rootComponent;
    private final Declarations declared;

    RemoteFilterReader(ViewComponent component, RootDefinition root, String rootComponent, Declarations declared) {
        this.component = component;
        this.root = root;
        this.rootComponent = rootComponent;
        this.declared = declared;
    }

    /** Null if something is wrong, which has been said. */
    @Nullable
    RemoteFilter read() {
        Properties.Property filtered = filtered();
        if (filtered == null) {
            return null;
        }
        RootDefinition.Restriction restriction = restriction();
        KeyFinder finder = finder(filtered);
        if (restriction == null || finder == null) {
            return null;
        }
        if (finder.keyType() != restriction.type()) {
            component.wrong(
                    "is filtered by keys of %s, but '%s' of the root is %s."
                            .formatted(
                                    finder.keyType().getSimpleName(),
                                    restriction.path(),
                                    restriction.type().getSimpleName()),
                    "Have %s return keys of that type.".formatted(finder.origin()));
            return null;
        }
        return new RemoteFilter(component.filter(), filtered.reader(), finder, restriction.path());
    }

    private Properties.@Nullable Property filtered() {
        Class<?> filter = root.filterType();
        Properties.Property filtered =
                filter == null ? null : Properties.find(ResolvableType.forClass(filter), component.filter());
        if (filter == null || filtered == null) {
            component.wrong(
                    "is filtered by '%s', which %s."
                            .formatted(
                                    component.filter(),
                                    filter == null
                                            ? "root source '%s' takes no filter for".formatted(root.name())
                                            : filter.getSimpleName() + " does not have"),
                    filter == null
                            ? ofRoot().choose(
                                            "Add a parameter to it: a record with that component.",
                                            "Give it the class of a record with that component.")
                            : Problems.choose(component.filter(), Properties.names(filter)));
            return null;
        }
        if (root.filters().isEmpty() || root.filters().contains(component.filter())) {
            component.wrong(
                    "is filtered by '%s', which root source '%s' heeds itself."
                            .formatted(component.filter(), root.name()),
                    "Leave it out here; or have the root say which components it heeds, without that one: %s."
                            .formatted(ofRoot().choose("filters = {…}", "filters(…)")));
            return null;
        }
        return filtered;
    }

    private RootDefinition.@Nullable Restriction restriction() {
        if (!component.parent().equals(rootComponent)) {
            component.wrong(
                    "is filtered by '%s', but its key is no property of the root.".formatted(component.filter()),
                    "The root source can only be asked for rows by what they have." + ELSE);
            return null;
        }
        for (RootDefinition.Restriction restriction : root.semiJoins()) {
            if (restriction.path().equals(component.rest())) {
                return restriction;
            }
        }
        component.wrong(
                "is filtered by '%s', but root source '%s' cannot be asked for rows by '%s'."
                        .formatted(component.filter(), root.name(), component.rest()),
                ofRoot().choose(
                                "Add a parameter to it: @SemiJoin(\"%s\") Set<…>.%s",
                                "Let it take them: semiJoin(\"%s\", ….class).%s")
                        .formatted(component.rest(), ELSE));
        return null;
    }

    private @Nullable KeyFinder finder(Properties.Property filtered) {
        Class<?> wanted = KeyTypes.boxed(filtered.type());
        for (KeyFinder finder : declared.finders()) {
            if (finder.source().equals(component.source()) && finder.argument() == wanted) {
                return finder;
            }
        }
        component.wrong(
                "is filtered by '%s', but nothing finds keys of source '%s' by %s."
                        .formatted(component.filter(), component.source(), wanted.getSimpleName()),
                words(component.source())
                        .choose(
                                "Add a method: @KeySource(source = \"%s\") Set<…> find(%s value, int limit).%s",
                                "Add one: KeySourceSpec.of(\"%s\", %s.class, ….class, (value, limit) -> …).%s")
                        .formatted(component.source(), wanted.getSimpleName(), ELSE));
        return null;
    }

    private Wording ofRoot() {
        return words(root.name());
    }

    private Wording words(String source) {
        return declared.words(source, component.site().words());
    }
}
