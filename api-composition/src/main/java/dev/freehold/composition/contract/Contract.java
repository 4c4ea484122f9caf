package dev.freehold.composition.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.core.io.Resource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a service says about its answers, to be held against what a consumer makes of them: so that the consumer's build fails, and
 * not its pages.
 *
 * <pre>{@code
 * Contract.ofOpenApi(new ClassPathResource("customers-openapi.yaml")).verify(CustomerApi.class);
 * Contract.ofSample(new ClassPathResource("products.json")).verify(InventoryApi.class, "products");
 * }</pre>
 *
 * <p>What is asked for is read off the methods with {@link dev.freehold.composition.Source} and
 * {@link dev.freehold.composition.RootSource}, and what of an answer is read is asked of Jackson. Only that matters: what a service
 * has beside is its own affair. It is stricter than Jackson is: a number is no text, and a day no point in time.
 *
 * <p>Everything that does not fit is told in one {@link ContractBrokenException}. A document that cannot be understood, or refers to
 * another one, is an {@link IllegalArgumentException}.
 */
public final class Contract {

    private final Document document;
    private final JsonMapper mapper;
    private final String basePath;

    private Contract(Document document, JsonMapper mapper, String basePath) {
        this.document = document;
        this.mapper = mapper;
        this.basePath = basePath;
    }

    /** Reads an OpenAPI document, 3.0 or 3.1, JSON or YAML. */
    public static Contract ofOpenApi(Path file) {
        return ofOpenApi(name(file), text(file));
    }

    /** Reads an OpenAPI document, 3.0 or 3.1, JSON or YAML. */
    public static Contract ofOpenApi(Resource resource) {
        return ofOpenApi(name(resource), text(resource));
    }

    /** Takes the text of an OpenAPI document, 3.0 or 3.1, JSON or YAML. */
    public static Contract ofOpenApi(String text) {
        return ofOpenApi("the OpenAPI document", text);
    }

    private static Contract ofOpenApi(String name, String text) {
        return new Contract(Document.openApi(name, text), standardMapper(), "");
    }

    /** Reads an answer that was recorded, in JSON: it says that answers are like it. It needs rows, with all that they may have. */
    public static Answer ofSample(Path file) {
        return Answer.sample(name(file), text(file));
    }

    /** Reads an answer that was recorded, in JSON: it says that answers are like it. It needs rows, with all that they may have. */
    public static Answer ofSample(Resource resource) {
        return Answer.sample(name(resource), text(resource));
    }

    /** Takes the JSON of an answer that was recorded: it says that answers are like it. It needs rows, with all that they may have. */
    public static Answer ofSample(String json) {
        return Answer.sample("the sample", json);
    }

    /** The same for a client with this mapper. Else it is the one that Spring Boot makes when nothing is configured. */
    public Contract withMapper(JsonMapper mapper) {
        return new Contract(document, mapper, basePath);
    }

    /**
     * The same for a client whose base URL ends before this path: a part that the paths of the document have and the client's do not,
     * such as {@code /v1}.
     */
    public Contract withBasePath(String path) {
        return new Contract(document, mapper, path);
    }

    /**
     * Checks all sources of an HTTP interface client: the endpoint that {@code @HttpExchange} says, what is sent there, and the rows.
     *
     * @throws ContractBrokenException if anything does not fit
     * @throws IllegalArgumentException if the client has no sources, or one that does not say which endpoint it asks
     */
    public void verify(Class<?> client) {
        Verification verification = new Verification(document, new StrictMapper(mapper));
        for (Method method : Sources.of(client).values()) {
            verification.call(
                    ClientCall.exchange(method)
                            .map(exchange -> ClientCall.of(client, method, exchange))
                            .orElseThrow(() -> unknownEndpoint(method)),
                    basePath);
        }
        verification.throwIfBroken();
    }

    private static IllegalArgumentException unknownEndpoint(Method method) {
        return new IllegalArgumentException(
                "%s.%s has no @HttpExchange; name the endpoint: contract.answer(\"POST\", \"/…\").verify(%1$s.class, …)"
                        .formatted(method.getDeclaringClass().getSimpleName(), method.getName()));
    }

    /** What an endpoint answers, for consumers that do not say themselves which one they ask. */
    public Answer answer(String method, String path) {
        return Answer.openApi(document, mapper, method, path);
    }

    // ---- texts

    static JsonMapper standardMapper() {
        return JsonMapper.builder().findAndAddModules().build();
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String name(Resource resource) {
        return Objects.requireNonNullElse(resource.getFilename(), resource.getDescription());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String text(Resource resource) {
        try {
            return resource.getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
