package dev.freehold.composition.contract;

import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Goes through what consumers ask of one document, and what they read. */
final class Verification {

    private final Document document;
    private final StrictMapper mapper;
    private final Drifts drifts;
    private final Set<AnswerCheck.Meeting> met = new HashSet<>();

    Verification(Document document, StrictMapper mapper) {
        this.document = document;
        this.mapper = mapper;
        this.drifts = new Drifts(document);
    }

    void throwIfBroken() {
        drifts.throwIfAny();
    }

    /** A call to an endpoint of an OpenAPI document; the path may begin with what the document leaves out. */
    void call(ClientCall call, String basePath) {
        OpenApi api = new OpenApi(document);
        Optional<OpenApi.Operation> operation = api.operation(call.http(), basePath + call.path());
        if (operation.isEmpty()) {
            missing(call.name(), call.http(), basePath + call.path());
            return;
        }
        new RequestCheck(api, operation.get(), call, mapper, drifts).check();
        answers(api, operation.get(), call.name(), call.endpoint(), call.answer());
    }

    /** What an endpoint of an OpenAPI document answers, read as a type. */
    void answer(String http, String path, Type type) {
        OpenApi api = new OpenApi(document);
        String name = Drifts.name(mapper.type(type));
        api.operation(http, path)
                .ifPresentOrElse(
                        operation -> answers(api, operation, name, http + " " + path, type),
                        () -> missing(name, http, path));
    }

    /** An answer that has been recorded. */
    void sample(JsonNode answer, String name, Type type) {
        read(document.schema(), name, type);
        if (drifts.isEmpty()) {
            try {
                mapper.strict().readerFor(mapper.type(type)).readValue(answer);
            } catch (JacksonException refused) {
                drifts.add(
                        name,
                        "cannot be read from %s: %s.".formatted(document.name(), refused.getOriginalMessage()),
                        "Look at what the type checks when it is made.");
            }
        }
    }

    private void missing(String consumer, String http, String path) {
        OpenApi api = new OpenApi(document);
        Set<String> methods = api.methods(path);
        drifts.add(
                consumer,
                "asks %s %s, which there is not.".formatted(http, path),
                methods.isEmpty()
                        ? "Ask one of: %s. If only the beginning differs, use withBasePath."
                                .formatted(Drifts.names(api.paths().node().propertyNames()))
                        : "That path has: %s.".formatted(Drifts.names(methods)));
    }

    private void answers(OpenApi api, OpenApi.Operation operation, String consumer, String endpoint, Type type) {
        List<Schema.Place> answers = operation.answers();
        if (answers.isEmpty()) {
            drifts.add(
                    consumer,
                    "reads an answer, but %s says of no success (2xx) what is in it, only: %s (%s)."
                            .formatted(
                                    endpoint,
                                    Drifts.names(operation.statuses()),
                                    operation.place().pointer()),
                    "Ask another endpoint, or have the service describe what it answers.");
        }
        for (Schema.Place answer : answers) {
            api.json(answer)
                    .ifPresentOrElse(
                            schema -> read(schema, consumer, type),
                            () -> drifts.add(
                                    consumer,
                                    "reads JSON, but %s answers %s (%s)."
                                            .formatted(
                                                    endpoint,
                                                    Drifts.names(answer.node()
                                                            .path("content")
                                                            .propertyNames()),
                                                    answer.pointer()),
                                    "Read that, or ask another endpoint."));
        }
    }

    private void read(Schema schema, String consumer, Type type) {
        try {
            ReadType root = ReadType.of(mapper, mapper.type(type));
            new AnswerCheck(document, drifts, consumer, met).check(schema, root, "");
        } catch (JacksonException unreadable) {
            drifts.add(
                    consumer,
                    "reads %s, which Jackson cannot: %s."
                            .formatted(Drifts.name(mapper.type(type)), unreadable.getOriginalMessage()),
                    "Say how it is made: @JsonCreator, @JsonDeserialize.");
        }
    }
}
