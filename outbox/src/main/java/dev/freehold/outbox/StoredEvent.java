package dev.freehold.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it stands in the outbox: what an {@link OutboxTransport} gets to send.
 *
 * @param id UUIDv7 made when the event was published; the message id that consumers recognise duplicates by
 * @param topic where it goes
 * @param key what it is ordered by
 * @param type logical type name
 * @param version schema version of the payload
 * @param payload JSON, exactly the bytes that were stored, or null for a tombstone: the key is no more; not copied, not to be
 *     changed
 * @param traceparent W3C trace context of the publishing transaction, if it was traced
 * @param time when it was published, by the publishing service's clock, in microseconds
 */
@SuppressWarnings("ArrayRecordComponent") // payloads are compared by nobody, and copied by nobody
public record StoredEvent(
        UUID id,
        String topic,
        String key,
        String type,
        int version,
        byte @Nullable [] payload,
        @Nullable String traceparent,
        Instant time) {}
