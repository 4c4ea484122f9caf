package dev.freehold.inbox;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** The part of a message's context that has no column of its own. */
record ParkedHeaders(String type, int version, String source, Instant time, Map<String, String> headers) {

    private static final JsonMapper JSON = new JsonMapper();

    static ParkedHeaders of(EventContext context) {
        return new ParkedHeaders(
                context.type(), context.version(), context.source(), context.time(), context.headers());
    }

    static ParkedHeaders of(String json) {
        return JSON.readValue(json, ParkedHeaders.class);
    }

    String json() {
        return JSON.writeValueAsString(this);
    }

    EventContext context(UUID id, String key, String topic, int partition, long offset) {
        return new EventContext(id, type, version, source, key, time, topic, partition, offset, headers);
    }
}
