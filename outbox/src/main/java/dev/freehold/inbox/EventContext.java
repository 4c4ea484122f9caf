package dev.freehold.inbox;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where an event comes from; a parameter of {@link InboxListener} methods.
 *
 * @param id what duplicates are recognised by: the message's own id, or a name-based UUID of it if it is none
 * @param type logical type, empty if the message has none
 * @param version schema version of the payload, 1 if the message has none
 * @param source service that published it, as CloudEvents {@code source}; empty if the message has none
 * @param key what it is ordered by
 * @param time when it was published, by the publisher's clock, or else when the broker got it
 * @param topic topic that it was read from
 * @param partition partition of the topic
 * @param offset offset in the partition
 * @param headers all headers as text; the last one of a name
 */
public record EventContext(
        UUID id,
        String type,
        int version,
        String source,
        String key,
        Instant time,
        String topic,
        int partition,
        long offset,
        Map<String, String> headers) {

    /** Copies the headers. */
    public EventContext {
        headers = Map.copyOf(headers);
    }

    /**
     * A context whose id may be any text: one that is no UUID becomes one by hashing it with the source, in which alone
     * CloudEvents promises it to be unique.
     */
    @SuppressWarnings("TooManyParameters")
    public static EventContext of(
            String id,
            String type,
            int version,
            String source,
            String key,
            Instant time,
            String topic,
            int partition,
            long offset,
            Map<String, String> headers) {
        return new EventContext(
                MessageIds.of(source, id), type, version, source, key, time, topic, partition, offset, headers);
    }

    /** W3C trace context of the transaction that published the event, if it was traced. */
    public @Nullable String traceparent() {
        return headers.get("traceparent");
    }
}
