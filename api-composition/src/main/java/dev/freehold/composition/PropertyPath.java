package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * A path of properties such as {@code customer.address.id}, and what reads it: null anywhere on the way gives null.
 *
 * @param type of what it leads to
 * @param reader reads it; null if the path is empty
 */
record PropertyPath(ResolvableType type, @Nullable Function<Object, @Nullable Object> reader) {

    /** Says what is wrong with a path. */
    static final class UnknownPropertyException extends Exception {

        private static final long serialVersionUID = 1L;

        private final @Nullable String inCollection;

        UnknownPropertyException(ResolvableType type, String property) {
            super("%s has no property '%s'; it has %s".formatted(name(type), property, Properties.names(raw(type))));
            inCollection = null;
        }

        /** It is looked for in a collection. */
        UnknownPropertyException(String property) {
            super("'%s' is looked for in a collection, and a path leads to one value".formatted(property));
            inCollection = property;
        }

        /** With what a component of a view can do about it. */
        String getMessage(Site site) {
            String message = String.valueOf(getMessage());
            return inCollection == null
                    ? message
                    : message
                            + site.choose(
                                    "; go via it: @Many(via = \"…\", key = \"%s\")".formatted(inCollection),
                                    "; go via it: manyVia(…, \"…\", \"%s\")".formatted(inCollection));
        }
    }

    static PropertyPath of(ResolvableType start, String path) throws UnknownPropertyException {
        return path.isEmpty() ? new PropertyPath(start, null) : of(start, List.of(path.split("\\.", -1)));
    }

    static PropertyPath of(ResolvableType start, List<String> properties) throws UnknownPropertyException {
        ResolvableType type = start;
        List<Function<Object, @Nullable Object>> readers = new ArrayList<>();
        for (String property : properties) {
            Properties.Property found = Properties.find(type, property);
            if (found == null && KeyPath.element(type) != null) {
                throw new UnknownPropertyException(property);
            }
            if (found == null) {
                throw new UnknownPropertyException(type, property);
            }
            readers.add(found.reader());
            type = found.type();
        }
        return new PropertyPath(type, chained(readers));
    }

    private static @Nullable Function<Object, @Nullable Object> chained(
            List<Function<Object, @Nullable Object>> readers) {
        if (readers.size() < 2) {
            return readers.isEmpty() ? null : readers.get(0);
        }
        List<Function<Object, @Nullable Object>> all = List.copyOf(readers);
        return from -> {
            Object value = from;
            for (int i = 0; value != null && i < all.size(); i++) {
                value = all.get(i).apply(value);
            }
            return value;
        };
    }

    static Class<?> raw(ResolvableType type) {
        return type.resolve(Object.class);
    }

    /** A type as people write it. */
    static String name(ResolvableType type) {
        return type.toString().replaceAll("\\b[a-z][\\w]*\\.", "").replace('$', '.');
    }
}
