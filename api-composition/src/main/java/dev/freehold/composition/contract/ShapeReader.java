package dev.freehold.composition.contract;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes a schema apart into shapes, of which a value has one:
 *
 * <ol>
 *   <li>What stands in the schema itself gives one shape for each of its types.
 *   <li>{@code $ref} and each of {@code allOf} hold as well: each shape so far is combined with each of theirs, and combinations that
 *       cannot be are left out.
 *   <li>So does one of {@code oneOf}, and of {@code anyOf}.
 *   <li>With {@code nullable: true} there is one shape more.
 * </ol>
 *
 * Properties and items are not followed, so recursive schemas have an end.
 */
final class ShapeReader {

    private static final int MOST_SHAPES = 1_000;
    private static final Set<String> OWN =
            Set.of("type", "properties", "required", "items", "$ref", "allOf", "oneOf", "anyOf");

    private final Document document;

    ShapeReader(Document document) {
        this.document = document;
    }

    List<Shape> read(Schema.Place place, Set<String> followed) {
        JsonNode node = place.node();
        if (isNever(node)) {
            return List.of();
        }
        if (node.has("$dynamicRef") || node.has("$recursiveRef")) {
            throw new IllegalArgumentException("%s has a dynamic reference at %s, which is not understood; use $ref"
                    .formatted(document.name(), place.pointer()));
        }
        List<Shape> shapes = own(place);
        if (node.has("$ref")) {
            shapes = both(shapes, referred(node.path("$ref").asString(""), followed), place.pointer());
        }
        for (int i = 0; i < node.path("allOf").size(); i++) {
            shapes = both(shapes, read(place.child("allOf").child(i), followed), place.pointer());
        }
        if (node.path("allOf").size() > 1) {
            shapes = shapes.stream().map(shape -> shape.at(place.pointer())).toList();
        }
        for (String choice : List.of("oneOf", "anyOf")) {
            if (node.path(choice).isArray()) {
                shapes = both(shapes, either(place.child(choice), followed), place.pointer());
            }
        }
        return node.path("nullable").asBoolean(false) ? orNull(shapes, place) : shapes;
    }

    private static boolean isNever(JsonNode node) {
        return node.isBoolean() && !node.booleanValue()
                || node.path("not").isObject() && node.path("not").isEmpty();
    }

    private List<Shape> referred(String reference, Set<String> followed) {
        if (followed.contains(reference)) {
            throw new IllegalArgumentException(
                    "%s has '%s', which refers to itself".formatted(document.name(), reference));
        }
        Set<String> on = new HashSet<>(followed);
        on.add(reference);
        return read(new Schema.Place(document.at(reference), reference), on);
    }

    private List<Shape> either(Schema.Place choices, Set<String> followed) {
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < choices.node().size(); i++) {
            shapes.addAll(read(choices.child(i), followed));
        }
        return shapes;
    }

    /** All combinations of a shape here and one there. */
    List<Shape> both(List<Shape> here, List<Shape> there, String pointer) {
        List<Shape> shapes = new ArrayList<>();
        for (Shape one : here) {
            for (Shape other : there) {
                Shape combined = one.and(other);
                if (combined != null) {
                    shapes.add(combined);
                }
            }
        }
        if (shapes.size() > MOST_SHAPES || (shapes.isEmpty() && !here.isEmpty() && !there.isEmpty())) {
            throw new IllegalArgumentException("%s says at %s what %s"
                    .formatted(
                            document.name(),
                            pointer,
                            shapes.isEmpty() ? "no value can be" : "has more than " + MOST_SHAPES + " forms"));
        }
        return shapes;
    }

    private static List<Shape> orNull(List<Shape> shapes, Schema.Place place) {
        List<Shape> all = new ArrayList<>(shapes);
        all.add(shape(Kind.NULL, place, Map.of(), Set.of(), null, null));
        return all;
    }

    // ---- what stands in the schema itself

    private List<Shape> own(Schema.Place place) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        place.node()
                .path("properties")
                .propertyNames()
                .forEach(name -> properties.put(name, schema(place.child("properties", name))));
        Set<String> required = new LinkedHashSet<>();
        place.node().path("required").values().forEach(name -> required.add(name.asString("")));
        Schema items = items(place);
        Schema others = others(place);
        return kinds(place).stream()
                .map(kind -> shape(kind, place, properties, required, items, others))
                .toList();
    }

    private Schema schema(Schema.Place place) {
        return Schema.of(document, place);
    }

    private @Nullable Schema items(Schema.Place place) {
        JsonNode node = place.node();
        if (!node.has("prefixItems")) {
            return node.has("items") ? schema(place.child("items")) : null;
        }
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.putArray("anyOf").addAll(List.copyOf(node.path("prefixItems").values()));
        return schema(new Schema.Place(either, place.pointer() + "/prefixItems"));
    }

    private @Nullable Schema others(Schema.Place place) {
        JsonNode patterns = place.node().path("patternProperties");
        if (!patterns.isEmpty()) {
            String first = patterns.propertyNames().iterator().next();
            return schema(place.child("patternProperties", first));
        }
        return place.node().path("additionalProperties").isObject()
                ? schema(place.child("additionalProperties"))
                : null;
    }

    private Set<Kind> kinds(Schema.Place place) {
        JsonNode type = place.node().path("type");
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        if (type.isArray()) {
            type.values().forEach(name -> kinds.add(kind(name.asString(""), place)));
        } else if (!type.isMissingNode()) {
            kinds.add(kind(type.asString(""), place));
        } else {
            kinds.addAll(inferred(place.node()));
        }
        return kinds;
    }

    private Kind kind(String name, Schema.Place place) {
        try {
            return Kind.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "%s has the unknown type '%s' at %s".formatted(document.name(), name, place.pointer()), unknown);
        }
    }

    private static Set<Kind> inferred(JsonNode node) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        node.path("enum").values().forEach(value -> kinds.add(Kind.of(value)));
        if (node.has("const")) {
            kinds.add(Kind.of(node.path("const")));
        }
        if (kinds.isEmpty()
                && (node.has("properties") || node.path("additionalProperties").isObject())) {
            kinds.add(Kind.OBJECT);
        } else if (kinds.isEmpty() && (node.has("items") || node.has("prefixItems"))) {
            kinds.add(Kind.ARRAY);
        } else if (kinds.isEmpty()) {
            kinds.add(Kind.ANY);
        }
        return kinds;
    }

    private static Shape shape(
            Kind kind,
            Schema.Place place,
            Map<String, Schema> properties,
            Set<String> required,
            @Nullable Schema items,
            @Nullable Schema others) {
        ObjectNode keywords = JsonNodeFactory.instance.objectNode();
        place.node().properties().stream()
                .filter(entry -> !OWN.contains(entry.getKey()))
                .forEach(entry -> keywords.set(entry.getKey(), entry.getValue()));
        return new Shape(kind, place.pointer(), properties, required, items, others, keywords);
    }
}
