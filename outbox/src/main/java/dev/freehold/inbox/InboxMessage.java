package dev.freehold.inbox;

import org.jspecify.annotations.Nullable;

/**
 * A message as it came from the broker.
 *
 * @param context what its headers say
 * @param payload JSON, or null for a tombstone; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // payloads are compared by nobody, and copied by nobody
public record InboxMessage(EventContext context, byte @Nullable [] payload) {}
