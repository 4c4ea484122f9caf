package dev.freehold.composition;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * What a component gets of what was found for it.
 *
 * @param form in which form
 * @param limit how many rows a list has at most, which is a {@link Slice} then; 0: all
 * @param projection makes its type out of a source's row; null: it is that row
 */
record Delivery(Form form, int limit, @Nullable Function<Object, Object> projection) {

    private static final int MAX_LIMIT = 10_000;

    /** The forms, as types of components. */
    enum Form {
        /** {@code T}. */
        ONE,
        /** {@code Part<T>}. */
        PART,
        /** {@code List<T>}. */
        LIST,
        /** {@code Part<List<T>>}. */
        LIST_PART,
        /** {@code List<Part<T>>}. */
        EACH_PART;

        boolean isRequired() {
            return this == ONE || this == LIST;
        }

        boolean isList() {
            return this != ONE && this != PART;
        }
    }

    /** Null if something is wrong, which has been said. */
    static @Nullable Delivery of(ViewComponent component, SourceDefinition source) {
        return component.isMany() ? many(component, source) : one(component, source);
    }

    private static @Nullable Delivery one(ViewComponent component, SourceDefinition source) {
        if (source.grouped()) {
            component.wrong(
                    "is %s, but source '%s' may have many rows for a key.".formatted(one(component), source.name()),
                    "Use %s and a List, or a source with one row a key.".formatted(many(component)));
            return null;
        }
        boolean part = isA(component.type(), Part.class);
        ResolvableType wanted = part ? component.type().getGeneric(0) : component.type();
        if (isA(wanted, List.class)) {
            component.wrong(
                    "is %s, but a list.".formatted(one(component)),
                    "Use %s, or the type of one row.".formatted(many(component)));
            return null;
        }
        return of(component, source, part ? Form.PART : Form.ONE, wanted);
    }

    private static @Nullable Delivery many(ViewComponent component, SourceDefinition source) {
        if (!source.grouped() && !component.hasVia()) {
            component.wrong(
                    "is %s, but source '%s' has one row a key, and there is one key."
                            .formatted(many(component), source.name()),
                    component.choose(
                            "Use @One; or, if a key has many rows, groupBy in place of id at the source; or say where many keys are: via ="
                                    + " \"order.lines\".",
                            "Use one; or, if a key has many rows, groupBy in place of id at the source; or manyVia, which says where many"
                                    + " keys are: \"order.lines\"."));
            return null;
        }
        ResolvableType type = component.type();
        boolean part = isA(type, Part.class);
        ResolvableType list = part ? type.getGeneric(0) : type;
        if (!hasRightLimit(component, list)) {
            return null;
        }
        if (PropertyPath.raw(list) != (component.limit() > 0 ? Slice.class : List.class)) {
            component.wrong(
                    "is %s, but %s.".formatted(many(component), PropertyPath.name(type)),
                    "Use List<R>, Part<List<R>>%s.".formatted(component.hasVia() ? ", or List<Part<R>>" : ""));
            return null;
        }
        ResolvableType element = list.getGeneric(0);
        if (!isA(element, Part.class)) {
            return of(component, source, part ? Form.LIST_PART : Form.LIST, element);
        }
        if (part || source.grouped() || component.limit() > 0) {
            component.wrong(
                    "is %s.".formatted(PropertyPath.name(type)),
                    part
                            ? "Use one Part only."
                            : component.limit() > 0
                                    ? "Use Part<Slice<R>>, or a list without limit."
                                    : "A part of each needs a source with one row a key; use Part<List<R>>.");
            return null;
        }
        return of(component, source, Form.EACH_PART, element.getGeneric(0));
    }

    private static String one(ViewComponent component) {
        return component.choose("@One", "one");
    }

    private static String many(ViewComponent component) {
        return component.choose("@Many", component.hasVia() ? "manyVia" : "many");
    }

    private static boolean hasRightLimit(ViewComponent component, ResolvableType list) {
        if (component.limit() < 0 || component.limit() > MAX_LIMIT) {
            component.wrong(
                    "has %s.".formatted(component.option("limit", component.limit())),
                    "Say 1 to %d, or leave it out.".formatted(MAX_LIMIT));
            return false;
        }
        if (component.limit() > 0 && isA(list, List.class)) {
            component.wrong(
                    "has %s, but is a list, which cannot say that there are more."
                            .formatted(component.option("limit", component.limit())),
                    "Use Slice<R> or Part<Slice<R>>.");
            return false;
        }
        if (component.limit() == 0 && isA(list, Slice.class)) {
            component.wrong(
                    "is a slice, but of any size.",
                    "Say how many rows it has: %s; or use List<R>.".formatted(component.option("limit", 20)));
            return false;
        }
        return true;
    }

    private static boolean isA(ResolvableType type, Class<?> what) {
        return PropertyPath.raw(type) == what;
    }

    private static @Nullable Delivery of(
            ViewComponent component, SourceDefinition source, Form form, ResolvableType wanted) {
        Class<?> raw = PropertyPath.raw(wanted);
        if (raw != Object.class && raw.isAssignableFrom(PropertyPath.raw(source.rowType()))) {
            return new Delivery(form, component.limit(), null);
        }
        if (!raw.isRecord()) {
            component.wrong(
                    "is %s, but source '%s' has rows of %s."
                            .formatted(
                                    PropertyPath.name(component.type()),
                                    source.name(),
                                    PropertyPath.name(source.rowType())),
                    "Use that type, or a record whose components are properties of it"
                            + (raw == java.util.Optional.class ? "; in place of Optional use Part." : "."));
            return null;
        }
        Function<Object, Object> projection = projection(component, source, raw);
        return projection == null ? null : new Delivery(form, component.limit(), projection);
    }

    private static @Nullable Function<Object, Object> projection(
            ViewComponent component, SourceDefinition source, Class<?> wanted) {
        RecordComponent[] parts = wanted.getRecordComponents();
        List<Function<Object, @Nullable Object>> readers = new ArrayList<>();
        for (RecordComponent part : parts) {
            Properties.Property property = Properties.find(source.rowType(), part.getName());
            if (property == null
                    || !ResolvableType.forType(part.getGenericType()).isAssignableFrom(property.type())) {
                component.wrong(
                        "is %s, whose '%s' of type %s is no property of %s, the row of source '%s'."
                                .formatted(
                                        wanted.getSimpleName(),
                                        part.getName(),
                                        PropertyPath.name(ResolvableType.forType(part.getGenericType())),
                                        PropertyPath.name(source.rowType()),
                                        source.name()),
                        "That has %s; use those names and types.".formatted(Properties.described(source.rowType())));
                return null;
            }
            readers.add(property.reader());
        }
        return projection(RecordBinder.of(wanted), readers);
    }

    private static Function<Object, Object> projection(
            RowBinder binder, List<Function<Object, @Nullable Object>> readers) {
        return row -> {
            @Nullable Object[] values = new Object[readers.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = readers.get(i).apply(row);
            }
            return binder.bind(values);
        };
    }
}
