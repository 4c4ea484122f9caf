package dev.freehold.composition.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds what is written for a request against what an endpoint takes. */
final class WrittenCheck {

    private final String endpoint;

    WrittenCheck(String endpoint) {
        this.endpoint = endpoint;
    }

    /** What does not fit, and what to do. */
    record Difference(String what, String fix) {}

    /** What is written has one shape; it must be one of those that are taken. */
    List<Difference> differences(Schema written, Schema taken, String part) {
        List<Difference> first = null;
        for (Shape one : written.shapes()) {
            for (Shape other : taken.shapes()) {
                List<Difference> found =
                        one.kind() == Kind.ANY || other.kind() == Kind.ANY ? List.of() : differences(one, other, part);
                if (found.isEmpty()) {
                    return List.of();
                }
                first = first == null || other.kind() == one.kind() ? found : first;
            }
        }
        return Objects.requireNonNullElse(first, List.of());
    }

    private List<Difference> differences(Shape written, Shape taken, String part) {
        boolean fits =
                written.kind() == taken.kind() || (written.kind() == Kind.INTEGER && taken.kind() == Kind.NUMBER);
        if (!fits) {
            return List.of(other(written, taken, part));
        }
        if (written.kind() == Kind.OBJECT) {
            return properties(written, taken, part);
        }
        if (written.kind() == Kind.ARRAY) {
            return written.items() == null || taken.items() == null
                    ? List.of()
                    : differences(written.items(), taken.items(), "each element of " + part);
        }
        Difference difference = written.kind() == Kind.STRING ? text(written, taken, part) : null;
        return difference == null ? List.of() : List.of(difference);
    }

    private Difference other(Shape written, Shape taken, String part) {
        return new Difference(
                "sends %s as %s, but %s takes %s (%s)."
                        .formatted(part, written.description(), endpoint, taken.description(), taken.pointer()),
                "Send %s.".formatted(Advice.types(taken)));
    }

    private @Nullable Difference text(Shape written, Shape taken, String part) {
        List<JsonNode> unknown = new ArrayList<>(written.values());
        unknown.removeAll(taken.values());
        if (!unknown.isEmpty() && !taken.values().isEmpty()) {
            return new Difference(
                    "sends %s that may be %s, which %s does not take (%s), only: %s."
                            .formatted(part, unknown, endpoint, taken.pointer(), taken.values()),
                    "Do not send what it does not take.");
        }
        boolean isAnotherFormat = Probes.isKnown(written.format())
                && Probes.isKnown(taken.format())
                && !written.format().equals(taken.format());
        return isAnotherFormat || isAnyTextNow(written, taken) ? other(written, taken, part) : null;
    }

    /** An id that was a UUID and is any text has other values now, though it takes UUIDs. */
    private static boolean isAnyTextNow(Shape written, Shape taken) {
        return written.format().equals("uuid")
                && taken.format().isEmpty()
                && taken.values().isEmpty()
                && !taken.keywords().has("pattern")
                && Probes.example(taken) == null;
    }

    private List<Difference> properties(Shape written, Shape taken, String part) {
        List<Difference> all = new ArrayList<>();
        for (String name : taken.required()) {
            if (!written.properties().containsKey(name) && written.others() == null) {
                all.add(new Difference(
                        "does not send '%s' in %s, which %s wants (%s)."
                                .formatted(name, part, endpoint, taken.pointer()),
                        "Add it."));
            }
        }
        written.properties().forEach((name, schema) -> {
            Schema there = taken.property(name);
            if (there != null) {
                all.addAll(differences(schema, there, "'%s' in %s".formatted(name, part)));
            } else if (!taken.properties().isEmpty()
                    && !taken.keywords().path("additionalProperties").asBoolean(false)) {
                all.add(new Difference(
                        "sends '%s' in %s, which %s does not have (%s), only: %s."
                                .formatted(
                                        name,
                                        part,
                                        endpoint,
                                        taken.pointer(),
                                        Drifts.names(taken.properties().keySet())),
                        "Send one of those instead, or leave it out."));
            }
        });
        return all;
    }
}
