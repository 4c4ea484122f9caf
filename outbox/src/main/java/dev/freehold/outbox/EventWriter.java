package dev.freehold.outbox;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns events into what is stored.
 *
 * @param types the classes that are known
 * @param json mapper of payloads
 * @param codec turns payloads into what is stored
 * @param maxPayloadBytes the largest that may be
 * @param traceparent the trace context of the thread, or null
 * @param clock tells when an event is published
 */
record EventWriter(
        EventTypes types,
        JsonMapper json,
        PayloadCodec codec,
        int maxPayloadBytes,
        Supplier<@Nullable String> traceparent,
        Clock clock) {

    private static final int LONGEST_TRACEPARENT = 64;
    private static final int EMPTY_OBJECT_LENGTH = "{}".length();

    /**
     * @throws OutboxException if anything is wrong with the event or its class
     */
    StoredEvent stored(EventType type, Object event) {
        String key = type.key().keyOf(event);
        return event(type, key, payload(type, key, event));
    }

    /**
     * @param state null if the key is no more
     */
    StoredEvent stored(EventType type, String key, @Nullable Object state) {
        return event(type, key, state == null ? null : payload(type, key, state));
    }

    private StoredEvent event(EventType type, String key, byte @Nullable [] payload) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new StoredEvent(
                UuidV7.at(now.toEpochMilli()),
                type.topic(),
                key,
                type.type(),
                type.version(),
                payload,
                currentTraceparent(),
                now);
    }

    /** Tracing must not stop the business: what is no trace context is left out. */
    private @Nullable String currentTraceparent() {
        String current = traceparent.get();
        return current == null || current.length() > LONGEST_TRACEPARENT ? null : current;
    }

    EventType typeOf(@Nullable Object event) {
        if (event == null) {
            throw new OutboxException(
                    "There is no event: publish got null.", "Publish an instance of an @OutboxEvent class.");
        }
        if (event instanceof Collection<?> || event instanceof Object[]) {
            throw new OutboxException(
                    "%s is a collection, not an event."
                            .formatted(event.getClass().getName()),
                    "Publish its elements one by one; one transaction still stores them in one batch.");
        }
        return types.of(event.getClass());
    }

    private byte[] payload(EventType type, String key, Object event) {
        byte[] payload;
        try {
            payload = json.writeValueAsBytes(event);
        } catch (JacksonException e) {
            throw new OutboxException(
                    "Event '%s' of %s does not serialize to JSON: %s"
                            .formatted(type.type(), type.javaType().getName(), e.getOriginalMessage()),
                    "Let it hold data only: records, strings, numbers, java.time, lists and maps of these.",
                    e);
        }
        if (payload.length <= EMPTY_OBJECT_LENGTH) {
            throw new OutboxException(
                    "Event '%s' of %s serializes to nothing."
                            .formatted(type.type(), type.javaType().getName()),
                    "Make it a record, or give it getters: private fields alone are not seen.");
        }
        payload = codec.encode(type.type(), key, payload);
        if (payload.length > maxPayloadBytes) {
            throw new OutboxException(
                    "Event '%s' has a payload of %d bytes, over the limit of %d."
                            .formatted(type.type(), payload.length, maxPayloadBytes),
                    "Publish less, or a link to the rest; or raise freehold.outbox.max-payload together with max.message.bytes of topic '%s'."
                            .formatted(type.topic()));
        }
        return payload;
    }
}
