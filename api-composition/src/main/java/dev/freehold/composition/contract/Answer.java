package dev.freehold.composition.contract;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a service answers, by its OpenAPI document or by a sample, to be held against what reads it. */
public final class Answer {

    private final Document document;
    private final JsonMapper mapper;
    private final @Nullable Endpoint endpoint;
    private final @Nullable JsonNode sample;

    private Answer(Document document, JsonMapper mapper, @Nullable Endpoint endpoint, @Nullable JsonNode sample) {
        this.document = document;
        this.mapper = mapper;
        this.endpoint = endpoint;
        this.sample = sample;
    }

    private record Endpoint(String method, String path) {}

    static Answer openApi(Document document, JsonMapper mapper, String method, String path) {
        return new Answer(document, mapper, new Endpoint(method.toUpperCase(Locale.ROOT), path), null);
    }

    static Answer sample(String name, String text) {
        JsonNode answer = Document.json(name, text);
        if (answer.isContainer() && answer.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " has no rows, so it says nothing; record an answer that has some");
        }
        return new Answer(Document.sample(name, answer), Contract.standardMapper(), null, answer);
    }

    /** The same for a client with this mapper. Else it is the one that Spring Boot makes when nothing is configured. */
    public Answer withMapper(JsonMapper mapper) {
        return new Answer(document, mapper, endpoint, sample);
    }

    /**
     * Checks the rows of a source; with a document, also the parameters of the method that say by Spring's annotations how they are
     * sent.
     *
     * @param client the class or interface with the source
     * @param source its name
     * @throws ContractBrokenException if anything does not fit
     * @throws IllegalArgumentException if there is no such source
     */
    public void verify(Class<?> client, String source) {
        Method method = Sources.find(client, source);
        Verification verification = new Verification(document, new StrictMapper(mapper));
        if (endpoint != null) {
            verification.call(ClientCall.of(client, method, endpoint.method(), endpoint.path()), "");
        } else if (sample != null) {
            verification.sample(
                    sample,
                    method.getDeclaringClass().getSimpleName() + "." + method.getName(),
                    AnswerType.of(client, method));
        }
        verification.throwIfBroken();
    }

    /**
     * Checks that it can be read as a type.
     *
     * @param type such as {@code Customer[].class}, or that of a {@code ParameterizedTypeReference}
     * @throws ContractBrokenException if it cannot
     */
    public void verifyReadableAs(Type type) {
        Verification verification = new Verification(document, new StrictMapper(mapper));
        if (endpoint != null) {
            verification.answer(endpoint.method(), endpoint.path(), type);
        } else if (sample != null) {
            verification.sample(sample, type.getTypeName(), type);
        }
        verification.throwIfBroken();
    }
}
