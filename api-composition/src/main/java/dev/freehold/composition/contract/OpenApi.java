package dev.freehold.composition.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.databind.JsonNode;

/** Finds operations in an OpenAPI document. */
record OpenApi(Document document) {

    private static final Set<String> METHODS =
            Set.of("get", "post", "put", "patch", "delete", "head", "options", "trace", "query");

    /**
     * What a method of a path does.
     *
     * @param document it is in
     * @param place where it stands
     * @param path as the document has it
     * @param parameters its own and those of its path
     */
    record Operation(Document document, Schema.Place place, String path, List<Schema.Place> parameters) {

        /** The bodies of answers that mean success, by status. */
        List<Schema.Place> answers() {
            Schema.Place responses = place.child("responses");
            List<Schema.Place> successes = responses.node().propertyNames().stream()
                    .filter(status -> status.startsWith("2"))
                    .map(status -> responses.child(status).resolved(document))
                    .filter(answer -> !answer.node().path("content").isEmpty())
                    .toList();
            boolean saysSuccess = responses.node().propertyNames().stream().anyMatch(status -> status.startsWith("2"));
            return saysSuccess || !responses.node().has("default")
                    ? successes
                    : List.of(responses.child("default").resolved(document));
        }

        Set<String> statuses() {
            return new TreeSet<>(place.child("responses").node().propertyNames());
        }

        Optional<Schema.Place> body() {
            return Optional.of(place.child("requestBody"))
                    .filter(body -> !body.node().isMissingNode())
                    .map(body -> body.resolved(document));
        }
    }

    /** The schema of a body in JSON. */
    Optional<Schema> json(Schema.Place body) {
        return body.node().path("content").propertyNames().stream()
                .filter(OpenApi::isJson)
                .findFirst()
                .map(type -> Schema.of(document, body.child("content", type, "schema")));
    }

    private static boolean isJson(String mediaType) {
        MimeType type = MimeTypeUtils.parseMimeType(mediaType);
        return type.includes(MimeTypeUtils.APPLICATION_JSON)
                || type.getSubtype().endsWith("+json");
    }

    /** The operation that a call goes to: its path may be told with what comes before those of the document on the server. */
    Optional<Operation> operation(String method, String path) {
        return items(path)
                .filter(item -> item.node().has(method.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(item -> operation(item, method));
    }

    /** The methods that a path has. */
    Set<String> methods(String path) {
        return items(path)
                .flatMap(item -> item.node().propertyNames().stream())
                .filter(METHODS::contains)
                .map(method -> method.toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<Schema.Place> items(String path) {
        return Stream.concat(Stream.of(""), serverPaths()).flatMap(prefix -> matching(prefix, path));
    }

    private Operation operation(Schema.Place item, String method) {
        Schema.Place place = item.child(method.toLowerCase(Locale.ROOT));
        List<Schema.Place> parameters = new ArrayList<>(parameters(place));
        for (Schema.Place shared : parameters(item)) {
            if (parameters.stream().noneMatch(own -> isSame(own, shared))) {
                parameters.add(shared);
            }
        }
        return new Operation(document, place, pathOf(item), parameters);
    }

    private static String pathOf(Schema.Place item) {
        return unescaped(item.pointer().substring("#/paths/".length()));
    }

    private List<Schema.Place> parameters(Schema.Place place) {
        List<Schema.Place> parameters = new ArrayList<>();
        for (int i = 0; i < place.node().path("parameters").size(); i++) {
            parameters.add(place.child("parameters").child(i).resolved(document));
        }
        return parameters;
    }

    private static boolean isSame(Schema.Place one, Schema.Place other) {
        return one.node().path("name").equals(other.node().path("name"))
                && one.node().path("in").equals(other.node().path("in"));
    }

    // ---- paths

    Schema.Place paths() {
        return new Schema.Place(document.root(), "#").child("paths");
    }

    /** A path's operations; they may stand elsewhere, but the path is told by this place. */
    private Schema.Place item(String path) {
        Schema.Place place = paths().child(path);
        return new Schema.Place(place.resolved(document).node(), place.pointer());
    }

    private Stream<Schema.Place> matching(String prefix, String path) {
        return paths().node().propertyNames().stream()
                .filter(one -> canonical(prefix + one).equals(canonical(path)))
                .map(this::item);
    }

    private Stream<String> serverPaths() {
        List<String> paths = new ArrayList<>();
        for (JsonNode server : document.root().path("servers").values()) {
            paths.add(withoutHost(server.path("url").asString("")).replaceAll("/$", ""));
        }
        return paths.stream().filter(path -> !path.isEmpty());
    }

    /** Without scheme, host and query. */
    static String withoutHost(String url) {
        return url.replaceFirst("^[a-z][a-z0-9+.-]*://[^/]*", "").replaceFirst("[?#].*$", "");
    }

    /** Whatever the variables are called. */
    private static String canonical(String path) {
        return ("/" + path).replaceAll("\\{[^/}]*}", "{}").replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    }

    private static String unescaped(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }
}
