package dev.freehold.inbox;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The steps between versions that a service knows. */
final class Upcasters {

    private final Map<String, Upcaster> steps = new HashMap<>();
    private final Map<String, Integer> newest = new HashMap<>();

    Upcasters(Collection<? extends Upcaster> known) {
        for (Upcaster step : known) {
            if (step.from() < 1) {
                throw new InboxException(
                        "An upcaster of type '%s' is from version %d.".formatted(step.type(), step.from()),
                        "The first version is 1.");
            }
            if (steps.putIfAbsent(step(step.type(), step.from()), step) != null) {
                throw new InboxException(
                        "Two upcasters of type '%s' are from version %d.".formatted(step.type(), step.from()),
                        "Leave one of them.");
            }
            newest.merge(step.type(), step.from() + 1, Math::max);
        }
    }

    private static String step(String type, int from) {
        return from + " " + type;
    }

    /** The newest version that steps of the type lead to; 0 if there are none. */
    int newest(String type) {
        return newest.getOrDefault(type, 0);
    }

    /**
     * @throws ListenerMethod.Unreadable if a step is missing, or the payload is no object
     */
    JsonNode upcast(JsonNode payload, String type, int from, int to) {
        JsonNode upcast = payload;
        for (int version = from; version < to; version++) {
            Upcaster next = required(steps.get(step(type, version)), type, version, to);
            if (!(upcast instanceof ObjectNode object)) {
                throw new ListenerMethod.Unreadable("the payload is no JSON object", null);
            }
            upcast = next.upcast(object);
        }
        return upcast;
    }

    private static Upcaster required(@Nullable Upcaster step, String type, int version, int to) {
        if (step == null) {
            throw new ListenerMethod.Unreadable(
                    "the message is of version %d of type '%s', its listener of %d, and no Upcaster leads from %d to %d"
                            .formatted(version, type, to, version, version + 1),
                    null);
        }
        return step;
    }
}
