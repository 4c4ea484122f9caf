package dev.freehold.composition.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Texts of the tests, and changes to them. */
final class Texts {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private Texts() {}

    static String read(String name) {
        try {
            return new ClassPathResource(name, Texts.class).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    static JsonNode customers() {
        return JSON.valueToTree(YamlText.read("customers.yaml", read("customers.yaml")));
    }

    /** YAML, as it is easy to write. */
    static JsonNode yaml(String text) {
        return JSON.valueToTree(YamlText.read("a part", "[" + text + "]")).path(0);
    }

    /** Puts a value in a place, which is made if it is not there. */
    static void set(JsonNode root, String pointer, String yaml) {
        JsonPointer place = JsonPointer.compile(pointer);
        JsonNode owner = root.at(place.head());
        if (owner instanceof ArrayNode array
                && place.last().getMatchingProperty().equals("-")) {
            array.add(yaml(yaml));
        } else if (owner instanceof ArrayNode array) {
            array.set(place.last().getMatchingIndex(), yaml(yaml));
        } else if (owner instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), yaml(yaml));
        } else {
            throw new IllegalArgumentException("there is no " + place.head());
        }
    }

    static void remove(JsonNode root, String pointer) {
        JsonPointer place = JsonPointer.compile(pointer);
        JsonNode owner = root.at(place.head());
        if (root.at(place).isMissingNode()) {
            throw new IllegalArgumentException("there is no " + pointer);
        }
        if (owner instanceof ArrayNode array) {
            array.remove(place.last().getMatchingIndex());
        } else {
            ((ObjectNode) owner).remove(place.last().getMatchingProperty());
        }
    }

    static void rename(JsonNode root, String pointer, String name) {
        JsonPointer place = JsonPointer.compile(pointer);
        ObjectNode owner = (ObjectNode) root.at(place.head());
        owner.set(name, owner.remove(place.last().getMatchingProperty()));
    }
}
