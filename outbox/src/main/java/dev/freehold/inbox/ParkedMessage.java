package dev.freehold.inbox;

import java.time.Instant;

/**
 * A message that waits, because its handling or that of an earlier one of its key failed.
 *
 * @param message the message
 * @param cause why it waits
 * @param parkedAt since when it waits
 */
public record ParkedMessage(InboxMessage message, String cause, Instant parkedAt) {}
