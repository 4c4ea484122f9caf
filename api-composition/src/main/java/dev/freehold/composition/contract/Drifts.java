package dev.freehold.composition.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JavaType;

/** All drifts that are found before they are told. */
final class Drifts {

    private final Document document;
    private final Set<ContractBrokenException.Drift> found = new LinkedHashSet<>();

    Drifts(Document document) {
        this.document = document;
    }

    void add(String where, String what, String fix) {
        found.add(new ContractBrokenException.Drift(where, what, fix));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ContractBrokenException(document.name(), new ArrayList<>(found));
        }
    }

    /** Where something is said; of a sample, the path tells it. */
    String at(String pointer) {
        return document.sample() ? document.name() : pointer;
    }

    static String names(Collection<String> names) {
        return names.isEmpty()
                ? "nothing"
                : String.join(", ", names.stream().sorted().toList());
    }

    /** A type as people write it. */
    static String name(JavaType type) {
        if (type.isArrayType()) {
            return name(type.getContentType()) + "[]";
        }
        return type.toCanonical().replaceAll("\\b[a-z]\\w*\\.", "").replace('$', '.');
    }
}
