package dev.freehold.composition.contract;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a document says about a value: in one place, or in several that all hold.
 *
 * @param document it is in
 * @param places not empty
 */
record Schema(Document document, List<Place> places) {

    /**
     * Where something stands.
     *
     * @param node what stands there
     * @param pointer leads there from the root, as in {@code #/components/schemas/Customer}
     */
    record Place(JsonNode node, String pointer) {

        Place child(String... steps) {
            Place child = this;
            for (String step : steps) {
                String escaped = step.replace("~", "~0").replace("/", "~1");
                child = new Place(child.node.path(step), child.pointer + "/" + escaped);
            }
            return child;
        }

        Place child(int index) {
            return new Place(node.path(index), pointer + "/" + index);
        }

        /** What it is, or what it refers to. */
        Place resolved(Document document) {
            Place place = this;
            for (int followed = 0; place.node.has("$ref"); followed++) {
                String reference = place.node.path("$ref").asString("");
                if (followed > 100) {
                    throw new IllegalArgumentException(
                            "%s has '%s', which refers to itself".formatted(document.name(), reference));
                }
                place = new Place(document.at(reference), reference);
            }
            return place;
        }
    }

    static Schema of(Document document, Place place) {
        return new Schema(document, List.of(place));
    }

    Schema and(Schema other) {
        return new Schema(
                document,
                Stream.concat(places.stream(), other.places.stream()).distinct().toList());
    }

    /** The shapes of which a value has one. */
    List<Shape> shapes() {
        ShapeReader reader = new ShapeReader(document);
        return places.stream()
                .map(place -> reader.read(place, Set.of()))
                .reduce((one, other) -> reader.both(one, other, pointer()))
                .orElseThrow();
    }

    boolean mayBeNull() {
        return shapes().stream().anyMatch(shape -> shape.kind() == Kind.NULL);
    }

    /** Whether it is only for requests. */
    boolean isWriteOnly() {
        return places.stream().anyMatch(place -> place.node().path("writeOnly").asBoolean(false));
    }

    String pointer() {
        return places.get(0).pointer();
    }
}
