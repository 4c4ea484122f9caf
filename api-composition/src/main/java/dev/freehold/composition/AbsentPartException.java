package dev.freehold.composition;

/** A required component of a view has no row. */
public final class AbsentPartException extends CompositionException {

    private static final long serialVersionUID = 1L;

    AbsentPartException(String view, String component, String source, @org.jspecify.annotations.Nullable Object key) {
        super(
                "%s.%s is required, but source '%s' has no row for %s; make it a Part, or leave such rows out by join = INNER"
                        .formatted(view, component, source, key == null ? "a null key" : "key " + key));
    }
}
