package dev.freehold.inbox;

import java.util.UUID;

/**
 * What a reader waits for: that a consumer has handled a message.
 *
 * @param consumer name of the group
 * @param id of the message
 */
record Awaited(String consumer, UUID id) {

    /** What has become of it. */
    enum Fate {
        /** Its effects are committed. */
        HANDLED,
        /** It stays unhandled until somebody replays or discards it. */
        PARKED
    }
}
