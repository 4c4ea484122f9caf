package dev.freehold.composition.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

/**
 * Finds what of an answer cannot be read any more:
 *
 * <ol>
 *   <li>A schema is taken apart into the shapes of which a value has one; each must be readable.
 *   <li>Objects are followed property by property of the type that reads them, arrays and maps into their elements; the schema of
 *       an object and a type that have met before are not followed again.
 *   <li>For everything else values are tried on the deserializer.
 * </ol>
 */
final class AnswerCheck {

    private final Drifts drifts;
    private final Document document;
    private final String consumer;
    private final Set<Meeting> before;

    /** Leaves out what has met before, in other answers, and adds what meets here. */
    AnswerCheck(Document document, Drifts drifts, String consumer, Set<Meeting> before) {
        this.document = document;
        this.drifts = drifts;
        this.consumer = consumer;
        this.before = before;
    }

    /** A schema, and the type that reads it with the properties that it reads there. */
    record Meeting(List<String> pointers, JavaType type, List<String> properties) {}

    void check(Schema schema, ReadType declared, String path) {
        ReadType type = declared.referred();
        List<Shape> objects = new ArrayList<>();
        for (Shape shape : schema.shapes()) {
            if (shape.kind() == Kind.OBJECT) {
                objects.add(shape);
            } else if (shape.kind() == Kind.ARRAY && type.isPlural()) {
                elements(shape, type, path);
            } else if (shape.kind() != Kind.NULL) {
                tried(shape, type, path);
            }
        }
        if (!objects.isEmpty()) {
            objects(objects, type, path);
        }
    }

    private String where(String path) {
        return path.isEmpty() ? consumer : consumer + " " + path;
    }

    private static String inner(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    // ---- arrays and maps

    private void elements(Shape array, ReadType type, String path) {
        if (array.items() != null) {
            content(array.items(), type, path + "[]");
        } else if (!type.content().type().isJavaLangObject()) {
            drifts.add(
                    where(path),
                    "is read as %s, but nothing is said about its elements (%s)."
                            .formatted(Drifts.name(type.type()), drifts.at(array.pointer())),
                    "Have the service say what they are: items.");
        }
    }

    private void content(Schema schema, ReadType type, String path) {
        if (type.content().type().isPrimitive() && schema.mayBeNull()) {
            mayBeNull(schema, path, "an element of " + Drifts.name(type.type()));
        }
        check(schema, type.content(), path);
    }

    private void values(Shape object, ReadType type, String path) {
        object.properties().forEach((name, schema) -> {
            if (!type.readsKey(name)) {
                drifts.add(
                        where(path),
                        "has the key '%s' (%s), which %s does not read."
                                .formatted(name, drifts.at(object.pointer()), Drifts.name(type.type())),
                        "Read it into a record with the properties that it has, or change the type of the keys.");
            }
            content(schema, type, inner(path, name));
        });
        if (object.others() != null) {
            content(object.others(), type, path + "{}");
        }
    }

    // ---- objects

    private void objects(List<Shape> objects, ReadType type, String path) {
        if (type.isMap()) {
            objects.forEach(object -> values(object, type, path));
            return;
        }
        List<ReadProperty> properties = type.properties();
        if (properties == null) {
            objects.forEach(object -> tried(object, type, path));
            return;
        }
        Meeting meeting = new Meeting(
                objects.stream().map(Shape::pointer).toList(),
                type.type(),
                properties.stream().map(ReadProperty::name).toList());
        if (!before.add(meeting)) {
            return;
        }
        properties.forEach(property -> property(objects, property, properties, path));
        objects.forEach(object -> unknown(object, properties, type, path));
    }

    private void property(List<Shape> objects, ReadProperty property, List<ReadProperty> read, String path) {
        String inner = inner(path, property.name());
        List<Schema> found = new ArrayList<>();
        boolean always = true;
        for (Shape object : objects) {
            List<String> there = property.names().stream()
                    .filter(name -> isAnswered(object, name))
                    .toList();
            there.forEach(
                    name -> found.add(Objects.requireNonNull(object.properties().get(name))));
            always &= there.stream().anyMatch(object.required()::contains);
        }
        if (found.isEmpty()) {
            missing(objects, property, read, inner);
            return;
        }
        if (!always && document.tellsRequired() && (property.needsValue() || property.needsPresence())) {
            mayBeLeftOut(objects, property, inner);
        }
        for (Schema schema : found) {
            if (property.needsValue() && schema.mayBeNull()) {
                mayBeNull(
                        schema,
                        inner,
                        property.javaName() + " (" + Drifts.name(property.type().type()) + ")");
            }
            check(schema, property.type(), inner);
        }
    }

    private static boolean isAnswered(Shape object, String name) {
        Schema schema = object.properties().get(name);
        return schema != null && !schema.isWriteOnly();
    }

    private void missing(List<Shape> objects, ReadProperty property, List<ReadProperty> read, String path) {
        Set<String> unread = new TreeSet<>();
        objects.forEach(object -> object.properties().keySet().stream()
                .filter(name -> isAnswered(object, name))
                .filter(name -> read.stream().noneMatch(one -> one.names().contains(name)))
                .forEach(unread::add));
        drifts.add(
                where(path),
                "is read into %s, but there is no such property (%s)."
                        .formatted(property.javaName(), drifts.at(objects.get(0).pointer())),
                unread.isEmpty()
                        ? "Remove it from %s, or have the service answer it.".formatted(property.owner())
                        : "Not read yet: %s. Read that (rename it, or @JsonProperty), or remove it from %s."
                                .formatted(Drifts.names(unread), property.owner()));
    }

    private void mayBeLeftOut(List<Shape> objects, ReadProperty property, String path) {
        drifts.add(
                where(path),
                "may be left out (%s), but %s (%s) needs it."
                        .formatted(
                                drifts.at(objects.get(0).pointer()),
                                property.javaName(),
                                Drifts.name(property.type().type())),
                "Make it @Nullable, and no primitive.");
    }

    private void mayBeNull(Schema schema, String path, String java) {
        drifts.add(
                where(path),
                "may be null (%s), but %s cannot.".formatted(drifts.at(schema.pointer()), java),
                "Make it @Nullable, and no primitive.");
    }

    private void unknown(Shape object, List<ReadProperty> properties, ReadType type, String path) {
        for (String name : object.properties().keySet()) {
            if (properties.stream().noneMatch(property -> property.names().contains(name))
                    && !type.readsUnknown(name)) {
                drifts.add(
                        where(path),
                        "has the property '%s' (%s), which %s does not have, and the mapper fails on what it does not know."
                                .formatted(name, drifts.at(object.pointer()), Drifts.name(type.type())),
                        "Say @JsonIgnoreProperties(ignoreUnknown = true), or add it.");
            }
        }
    }

    // ---- everything else

    private void tried(Shape shape, ReadType type, String path) {
        if (shape.kind() == Kind.ANY && type.type().isJavaLangObject()) {
            return;
        }
        for (JsonNode value : Probes.of(shape, type.type().getRawClass())) {
            String refusal = type.refusal(shape, value);
            if (refusal != null) {
                refused(shape, value, type, path, refusal);
                return;
            }
        }
    }

    private void refused(Shape shape, JsonNode value, ReadType type, String path, String refusal) {
        String java = Drifts.name(type.type());
        String place = drifts.at(shape.pointer());
        if (!type.type().isEnumType() || shape.kind() != Kind.STRING) {
            drifts.add(
                    where(path),
                    "is read as %s, but is %s (%s)."
                            .formatted(java, Advice.described(shape, value, type, refusal), place),
                    Advice.of(shape, type));
            return;
        }
        drifts.add(
                where(path),
                shape.values().isEmpty()
                        ? "is read as %s, but may be any text (%s).".formatted(java, place)
                        : "may be %s (%s), which %s does not have.".formatted(value, place, java),
                "Add what is new to %s, or name a default: @JsonEnumDefaultValue, and have the mapper use it."
                        .formatted(java));
    }
}
