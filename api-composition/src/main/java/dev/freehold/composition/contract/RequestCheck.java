package dev.freehold.composition.contract;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds what of a request an operation does not take any more, and what it wants beside. */
final class RequestCheck {

    private final OpenApi api;
    private final OpenApi.Operation operation;
    private final ClientCall call;
    private final StrictMapper mapper;
    private final Drifts drifts;

    RequestCheck(OpenApi api, OpenApi.Operation operation, ClientCall call, StrictMapper mapper, Drifts drifts) {
        this.api = api;
        this.operation = operation;
        this.call = call;
        this.mapper = mapper;
        this.drifts = drifts;
    }

    void check() {
        for (ClientCall.Sent sent : call.sent()) {
            switch (sent.in()) {
                case "body" -> body(sent);
                case "path" -> path(sent);
                default -> parameter(sent);
            }
        }
        if (!call.sendsMore()) {
            demands();
        }
    }

    private void wrong(String what, String fix) {
        drifts.add(call.name(), what, fix);
    }

    private String at(Schema.Place place) {
        return "%s (%s)".formatted(call.endpoint(), place.pointer());
    }

    // ---- the parts of a request

    private void body(ClientCall.Sent sent) {
        Optional<Schema.Place> body = operation.body();
        if (body.isEmpty()) {
            wrong(
                    "sends a body, but %s takes none.".formatted(at(operation.place())),
                    "Leave it out, and send what it takes: %s.".formatted(Drifts.names(parameters("query", "path"))));
            return;
        }
        Optional<Schema> json = api.json(body.get());
        if (json.isEmpty()) {
            wrong(
                    "sends JSON, but %s takes only %s."
                            .formatted(at(body.get()), Drifts.names(contentTypes(body.get()))),
                    "Send that, or ask another endpoint.");
            return;
        }
        compare(sent.type(), json.get(), "the body");
    }

    private static List<String> contentTypes(Schema.Place body) {
        return List.copyOf(body.node().path("content").propertyNames());
    }

    /** Variables are told by their place in the path, whatever they are called. */
    private void path(ClientCall.Sent sent) {
        int index = ClientCall.variables(call.path()).indexOf(sent.name());
        List<String> theirs = ClientCall.variables(operation.path());
        int skipped = ClientCall.variables(call.path()).size() - theirs.size(); // those of a server's path
        if (index >= skipped && skipped >= 0) {
            parameter("path", theirs.get(index - skipped))
                    .flatMap(this::schema)
                    .ifPresent(schema -> compare(sent.type(), schema, "the path variable '%s'".formatted(sent.name())));
        }
    }

    private void parameter(ClientCall.Sent sent) {
        Optional<Schema.Place> parameter = parameter(sent.in(), sent.name());
        if (parameter.isEmpty() && sent.in().equals("query")) {
            wrong(
                    "sends the query parameter '%s', which %s does not have, only: %s."
                            .formatted(sent.name(), at(operation.place()), Drifts.names(parameters("query"))),
                    "Send what it has: @RequestParam(\"…\").");
        }
        parameter
                .flatMap(this::schema)
                .ifPresent(schema ->
                        compare(sent.type(), schema, "the %s parameter '%s'".formatted(sent.in(), sent.name())));
    }

    private Optional<Schema> schema(Schema.Place parameter) {
        return parameter.node().has("schema")
                ? Optional.of(Schema.of(api.document(), parameter.child("schema")))
                : api.json(parameter);
    }

    private Optional<Schema.Place> parameter(String in, String name) {
        return operation.parameters().stream()
                .filter(parameter -> parameter.node().path("in").asString("").equals(in))
                .filter(parameter -> name(parameter).equals(name)
                        || (in.equals("header") && name(parameter).equalsIgnoreCase(name)))
                .findFirst();
    }

    private Set<String> parameters(String... in) {
        return operation.parameters().stream()
                .filter(parameter ->
                        List.of(in).contains(parameter.node().path("in").asString("")))
                .map(RequestCheck::name)
                .collect(Collectors.toSet());
    }

    private static String name(Schema.Place parameter) {
        return parameter.node().path("name").asString("");
    }

    /** What must be sent and is not. Headers and cookies may be added by interceptors, so nothing is said about them. */
    private void demands() {
        for (Schema.Place parameter : operation.parameters()) {
            boolean demanded = parameter.node().path("in").asString("").equals("query")
                    && parameter.node().path("required").asBoolean(false);
            if (demanded && !sends("query", name(parameter))) {
                wrong(
                        "does not send the query parameter '%s', which %s wants."
                                .formatted(name(parameter), at(parameter)),
                        "Add it: @RequestParam.");
            }
        }
        Optional<Schema.Place> body = operation.body();
        if (body.isPresent() && body.get().node().path("required").asBoolean(false) && !sends("body", "")) {
            wrong("does not send a body, which %s wants.".formatted(at(body.get())), "Add it: @RequestBody.");
        }
    }

    private boolean sends(String in, String name) {
        return call.sent().stream()
                .anyMatch(sent -> sent.in().equals(in) && sent.name().equals(name));
    }

    // ---- what is sent, and what is taken

    private void compare(Type type, Schema taken, String part) {
        Schema written = WrittenType.of(mapper, mapper.type(type)).schema();
        if (call.maxBatch() > 0) {
            batches(written, taken, part);
        }
        new WrittenCheck(call.endpoint())
                .differences(written, taken, part)
                .forEach(one -> wrong(one.what(), one.fix()));
    }

    private void batches(Schema written, Schema taken, String part) {
        boolean many = written.shapes().stream().anyMatch(shape -> shape.kind() == Kind.ARRAY);
        for (Shape shape : taken.shapes()) {
            BigDecimal most = shape.bound("maxItems");
            if (many && most != null && most.intValue() < call.maxBatch()) {
                wrong(
                        "sends up to maxBatch = %d keys in %s, but %s takes %s at most (%s)."
                                .formatted(call.maxBatch(), part, call.endpoint(), most, shape.pointer()),
                        "Say maxBatch = %s.".formatted(most));
            }
        }
    }
}
