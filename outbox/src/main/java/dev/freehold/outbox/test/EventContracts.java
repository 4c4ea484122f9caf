package dev.freehold.outbox.test;

import dev.freehold.inbox.InboxListener;
import dev.freehold.inbox.Upcaster;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.PublishedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a service publishes, recorded in files beside its tests, so that a change that its consumers would stumble over fails
 * the build.
 *
 * <pre>{@code
 * @Test
 * void keepsItsContracts() {
 *     EventContracts.in("com.example.orders").check(Path.of("src/test/contracts"));
 * }
 * }</pre>
 */
public final class EventContracts {

    private static final String ENDING = ".json";

    private final Set<Class<?>> classes;
    private final Map<String, Upcaster> upcasters = new TreeMap<>();
    private JsonMapper json = JsonMapper.builder().findAndAddModules().build();

    private EventContracts(Set<Class<?>> classes) {
        this.classes = classes;
    }

    /** Of the classes in these packages and below that have {@code @OutboxEvent}, {@code @PublishedState} or listeners. */
    public static EventContracts in(String... packages) {
        return new EventContracts(DeclaringClasses.in(packages));
    }

    /** Of these classes: events, entities, and classes with listeners. */
    public static EventContracts of(Class<?>... classes) {
        return new EventContracts(new LinkedHashSet<>(Arrays.asList(classes)));
    }

    /** Uses the mapper of your application, if it is not Jackson's own with the modules on the class path. */
    public EventContracts jsonMapper(JsonMapper applications) {
        this.json = applications;
        return this;
    }

    /** Steps between versions. */
    public EventContracts upcasters(Upcaster... steps) {
        for (Upcaster step : steps) {
            upcasters.put(step.from() + " " + step.type(), step);
        }
        return this;
    }

    /**
     * Compares what is published with the recorded contracts. What is new and hurts nobody, a type, a version or an optional
     * field, is recorded, and fails the first time, so that somebody looks at it and commits the file.
     *
     * @param directory of the files, one for each type and version; made if it is not there
     * @throws AssertionError if consumers would stumble over a change, or an old version cannot be turned into the present
     *     one; it says what to do
     */
    public void check(Path directory) {
        Map<String, EventContract> published = published();
        List<String> mistakes = new ArrayList<>();
        Map<String, EventContract> recorded = recorded(directory);
        published.values().forEach(contract -> check(contract, recorded.get(contract.name()), directory, mistakes));
        recorded.values().stream()
                .filter(contract -> !published.containsKey(contract.name()))
                .forEach(contract -> checkOld(contract, published.values(), mistakes));
        if (!mistakes.isEmpty()) {
            throw new AssertionError(String.join("\n", mistakes));
        }
    }

    private void check(EventContract contract, @Nullable EventContract before, Path directory, List<String> mistakes) {
        List<String> breaks = before == null ? List.of() : contract.breaksOf(before);
        if (!breaks.isEmpty()) {
            mistakes.add(
                    "%s has changed so that consumers would stumble: %s. Take that back; or raise the version to %d, and give consumers an Upcaster from %d."
                            .formatted(
                                    contract.name(),
                                    String.join("; ", breaks),
                                    contract.version() + 1,
                                    contract.version()));
        } else if (before == null || !contract.recorded(json).equals(before.recorded(json))) {
            Path file = directory.resolve(contract.name() + ENDING);
            write(file, contract.recorded(json));
            mistakes.add("%s is new, or has grown, and was recorded. Look at %s, commit it, and run again."
                    .formatted(contract.name(), file));
        }
    }

    /** A version that is published no more may still be in topics and logs. */
    private void checkOld(EventContract old, Iterable<EventContract> published, List<String> mistakes) {
        EventContract present = null;
        for (EventContract candidate : published) {
            if (candidate.type().equals(old.type())) {
                present = candidate;
            }
        }
        String otherwise = " Or delete its file, when no topic and no log has such events any more.";
        if (present == null || present.version() < old.version()) {
            mistakes.add("%s is published no more, but recorded.".formatted(old.name()) + otherwise);
            return;
        }
        JsonNode payload = old.sample(json);
        for (int version = old.version(); version < present.version(); version++) {
            Upcaster step = upcasters.get(version + " " + old.type());
            if (step == null) {
                mistakes.add("%s is recorded, and no Upcaster leads from version %d to %d. Give one to upcasters(…)."
                                .formatted(old.name(), version, version + 1)
                        + otherwise);
                return;
            }
            try {
                payload = step.upcast((ObjectNode) payload);
            } catch (RuntimeException e) { // whatever a user's step throws
                mistakes.add("The Upcaster of '%s' from version %d fails for %s: %s"
                        .formatted(old.type(), version, payload, e));
                return;
            }
        }
        List<String> missing = missing(present.schema(), payload);
        if (!missing.isEmpty()) {
            mistakes.add("Upcasters turn %s into version %d without %s. Let them fill that."
                    .formatted(old.name(), present.version(), missing));
        }
        checkReadable(old, present, payload, mistakes);
    }

    private static List<String> missing(JsonNode schema, JsonNode payload) {
        List<String> missing = new ArrayList<>();
        schema.path("required").forEach(name -> {
            if (!payload.hasNonNull(name.asString())) {
                missing.add(name.asString());
            }
        });
        return missing;
    }

    private void checkReadable(EventContract old, EventContract present, JsonNode payload, List<String> mistakes) {
        for (Class<?> declared : classes) {
            OutboxEvent event = declared.getAnnotation(OutboxEvent.class);
            if (event != null && event.type().equals(present.type()) && event.version() == present.version()) {
                try {
                    var unused = json.rebuild()
                            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .build()
                            .treeToValue(payload, declared);
                } catch (RuntimeException e) { // Jackson's, or of the class itself
                    mistakes.add("Upcasters turn %s into what %s cannot be read from: %s"
                            .formatted(old.name(), declared.getName(), e.getMessage()));
                }
            }
        }
    }

    /** What is published now, by name. */
    private Map<String, EventContract> published() {
        Map<String, EventContract> published = new TreeMap<>();
        for (Class<?> declared : classes) {
            OutboxEvent event = declared.getAnnotation(OutboxEvent.class);
            PublishedState state = declared.getAnnotation(PublishedState.class);
            if (event != null) {
                add(published, EventContract.of(declared, event, json));
            }
            if (state != null) {
                add(published, EventContract.of(state, json));
            }
        }
        return published;
    }

    private static void add(Map<String, EventContract> contracts, EventContract contract) {
        contracts.put(contract.name(), contract);
    }

    private Map<String, EventContract> recorded(Path directory) {
        Map<String, EventContract> recorded = new LinkedHashMap<>();
        if (!Files.isDirectory(directory)) {
            return recorded;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .forEach(file -> add(recorded, EventContract.of(json.readTree(file.toFile()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return recorded;
    }

    /**
     * Writes an AsyncAPI 3 document (as JSON, which is YAML, too) of what the service publishes and receives.
     *
     * @param file where to; its directory is made if it is not there
     * @param title of the service
     * @param version of the document
     */
    public void writeAsyncApi(Path file, String title, String version) {
        AsyncApi document = new AsyncApi(json, title, version);
        published().values().forEach(document::sends);
        classes.stream()
                .flatMap(declared -> Arrays.stream(declared.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(InboxListener.class))
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .forEach(document::receives);
        write(file, document.json());
    }

    private void write(Path file, JsonNode content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String text = json.rebuild()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(content);
            Files.writeString(file, text.replace("\r\n", "\n") + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
