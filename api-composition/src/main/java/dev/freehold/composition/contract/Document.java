package dev.freehold.composition.contract;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A text that tells what a service answers.
 *
 * @param name of it in messages, such as a file's
 * @param root what it consists of
 * @param sample whether it is an answer itself
 * @param tellsRequired whether it tells which properties are always there; many documents say that of none, and mean nothing by it
 */
record Document(String name, JsonNode root, boolean sample, boolean tellsRequired) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** JSON or, if it does not begin like an object of that, YAML. */
    static Document openApi(String name, String text) {
        JsonNode root = text.stripLeading().startsWith("{") ? json(name, text) : yaml(name, text);
        String version = root.path("openapi").asString("");
        if (root.has("swagger")) {
            throw new IllegalArgumentException("%s is of OpenAPI %s; convert it to 3.0 or 3.1"
                    .formatted(name, root.path("swagger").asString("2.0")));
        }
        if (!version.startsWith("3.") || !root.path("paths").isObject()) {
            throw new IllegalArgumentException(
                    "%s is no OpenAPI document: it must have 'openapi: 3.…' and 'paths'".formatted(name));
        }
        boolean tellsRequired =
                root.findValues("required").stream().anyMatch(names -> names.isArray() && !names.isEmpty());
        return new Document(name, root, false, tellsRequired);
    }

    /** What answers like this one have in common: itself. */
    static Document sample(String name, JsonNode answer) {
        return new Document(name, SampleSchema.of(answer), true, true);
    }

    static JsonNode json(String name, String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("%s is no JSON: %s".formatted(name, malformed.getMessage()), malformed);
        }
    }

    private static JsonNode yaml(String name, String text) {
        if (!ClassUtils.isPresent("org.yaml.snakeyaml.Yaml", Document.class.getClassLoader())) {
            throw new IllegalStateException(
                    name + " is YAML, which needs org.yaml:snakeyaml on the classpath; add it, or use JSON");
        }
        return JSON.valueToTree(YamlText.read(name, text));
    }

    Schema schema() {
        return Schema.of(this, new Schema.Place(root, "#"));
    }

    /** What a reference within the document leads to. */
    JsonNode at(String reference) {
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            throw new IllegalArgumentException(
                    "%s refers to '%s', which is not in it; put both into one document (OpenAPI tools call that bundling)"
                            .formatted(name, reference));
        }
        JsonNode found = root.at(JsonPointer.compile(decoded(reference.substring(1))));
        if (found.isMissingNode()) {
            throw new IllegalArgumentException("%s refers to '%s', which it does not have".formatted(name, reference));
        }
        return found;
    }

    private static String decoded(String pointer) {
        return URLDecoder.decode(pointer.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
