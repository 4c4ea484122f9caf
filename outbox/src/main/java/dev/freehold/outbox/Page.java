package dev.freehold.outbox;

import java.util.List;

/**
 * One read of the log.
 *
 * @param events in the order in which they are to be sent; may be empty
 * @param next the progress once all of them are acknowledged
 * @param more whether there is more to read at once
 */
record Page(List<StoredEvent> events, Progress next, boolean more) {}
