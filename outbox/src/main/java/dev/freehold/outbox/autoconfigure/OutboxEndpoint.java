package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.Backlog;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.ParkedEvents;
import dev.freehold.outbox.ParkedEvents.Selection;
import dev.freehold.outbox.PublishedStates;
import dev.freehold.outbox.RelayStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@code /actuator/outbox}: how the relay is doing, what waits, what is parked, and an operator's means against it. A write
 * without any of id, topic, key and type is refused: to mean everything, say {@code all=true}.
 */
@Endpoint(id = "outbox")
final class OutboxEndpoint {

    private static final int DEFAULT_LIMIT = 100;

    /** Rows of one transaction of a backfill. */
    private static final int ROWS = 500;

    private final @Nullable OutboxRelay relay;
    private final ParkedEvents parked;
    private final @Nullable PublishedStates states;
    private final BackgroundWork background = new BackgroundWork();

    OutboxEndpoint(@Nullable OutboxRelay relay, ParkedEvents parked, @Nullable PublishedStates states) {
        this.relay = relay;
        this.parked = parked;
        this.states = states;
    }

    /** The relay of this instance, if it has one, and what waits in the outbox. */
    @ReadOperation
    Summary summary() {
        return relay == null ? new Summary(null, null) : new Summary(relay.status(), relay.backlog());
    }

    /** {@code keys} that are parked, parked {@code events} without payloads, or an {@code export} with them. */
    @ReadOperation
    Object list(
            @Selector String what,
            @Nullable UUID id,
            @Nullable String topic,
            @Nullable String key,
            @Nullable String type,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable Integer limit) {
        int most = limit == null ? DEFAULT_LIMIT : limit;
        Selection selection = new Selection(id, topic, key, type, from, until);
        return switch (what) {
            case "keys" -> parked.keys(selection, most);
            case "events" -> events(parked.find(selection, most), false);
            case "export" -> events(parked.find(selection, most), true);
            default -> throw Refusals.of("There is no list '%s'.".formatted(what), "Ask for keys, events or export.");
        };
    }

    private static List<ParkedEvent> events(List<ParkedEvents.Event> found, boolean withPayload) {
        return found.stream().map(event -> ParkedEvent.of(event, withPayload)).toList();
    }

    /** {@code replay}, {@code discard}, {@code redirect}, {@code retype}, {@code pause} or {@code resume}; {@code republish}; or {@code backfill}. */
    @WriteOperation
    Map<String, Integer> operate(
            @Selector String operation,
            @Nullable UUID id,
            @Nullable String topic,
            @Nullable String key,
            @Nullable String type,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable Boolean all,
            @Nullable String newTopic,
            @Nullable String newType,
            @Nullable Integer newVersion,
            @Nullable String reason) {
        Selection selection = new Selection(id, topic, key, type, from, until);
        boolean everything = Boolean.TRUE.equals(all);
        return switch (operation) {
            case "replay" -> matched(parked.replay(meant(selection, everything)));
            case "discard" -> matched(parked.discard(meant(selection, everything)));
            case "redirect" -> matched(parked.redirect(meant(selection, everything), required("newTopic", newTopic)));
            case "retype" ->
                matched(parked.retype(
                        meant(selection, everything),
                        required("newType", newType),
                        newVersion == null ? 1 : newVersion));
            case "republish" -> republish(required("from", from), topic, newTopic);
            case "backfill" -> backfill(required("type", type));
            case "pause" -> pause(required("topic", topic), key, required("reason", reason));
            case "resume" -> resume(required("topic", topic), key);
            default ->
                throw Refusals.of(
                        "There is no operation '%s'.".formatted(operation),
                        "Use replay, discard, redirect, retype, pause, resume, republish or backfill.");
        };
    }

    private static Selection meant(Selection selection, boolean everything) {
        if (!everything && selection.equals(Selection.all())) {
            throw Refusals.of(
                    "No event is selected.",
                    "Give an id, topic, key, type, from or until; or all=true for every parked event.");
        }
        return selection;
    }

    private Map<String, Integer> pause(String topic, @Nullable String key, String reason) {
        if (key == null) {
            parked.pause(topic, reason);
        } else {
            parked.pause(topic, key, reason);
        }
        return Map.of();
    }

    private Map<String, Integer> resume(String topic, @Nullable String key) {
        if (key == null) {
            parked.resume(topic);
        } else {
            parked.resume(topic, key);
        }
        return Map.of();
    }

    private Map<String, Integer> republish(Instant since, @Nullable String topic, @Nullable String newTopic) {
        OutboxRelay publisher = relay;
        if (publisher == null) {
            throw Refusals.of("This instance has no relay.", "Ask one with freehold.outbox.relay.enabled=true.");
        }
        if (topic == null && newTopic == null) {
            return matched(Math.toIntExact(publisher.republishSince(since)));
        }
        String from = required("topic", topic);
        String to = required("newTopic", newTopic);
        background.start("republication of " + from + " to " + to, () -> publisher.republishSince(since, from, to));
        return Map.of();
    }

    private Map<String, Integer> backfill(String type) {
        PublishedStates publisher = states;
        Class<?> entity = publisher == null ? null : publisher.entities().get(type);
        if (publisher == null || entity == null) {
            throw Refusals.of(
                    "No entity publishes states of type '%s'.".formatted(type),
                    "Types are %s."
                            .formatted(
                                    publisher == null
                                            ? Set.of()
                                            : publisher.entities().keySet()));
        }
        background.start("backfill of " + type, () -> publisher.publishAll(entity, ROWS));
        return Map.of();
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null || String.valueOf(value).isBlank()) {
            throw Refusals.of("%s is missing.".formatted(name), "Give it a value.");
        }
        return value;
    }

    private static Map<String, Integer> matched(int events) {
        return Map.of("matched", events);
    }

    /**
     * What the endpoint tells at its root.
     *
     * @param relay the relay of this instance, null if it has none
     * @param backlog what waits, null if this instance has no relay
     */
    record Summary(@Nullable RelayStatus relay, @Nullable Backlog backlog) {}

    /** A parked event as it is listed. */
    record ParkedEvent(
            UUID id,
            String topic,
            String key,
            String type,
            int version,
            Instant time,
            boolean dead,
            @Nullable String cause,
            Instant parkedAt,
            @Nullable String payload) {

        static ParkedEvent of(ParkedEvents.Event parked, boolean withPayload) {
            byte[] payload = parked.event().payload();
            return new ParkedEvent(
                    parked.id(),
                    parked.event().topic(),
                    parked.event().key(),
                    parked.event().type(),
                    parked.event().version(),
                    parked.event().time(),
                    parked.dead(),
                    parked.cause(),
                    parked.parkedAt(),
                    withPayload && payload != null ? new String(payload, StandardCharsets.UTF_8) : null);
        }
    }
}
