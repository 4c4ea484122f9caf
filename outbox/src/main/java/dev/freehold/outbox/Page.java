package dev.freehold.outbox;

import java.util.List;

/**
 * One read of the log.
 *
 * @param events in the order in which they are to be sent; may be empty
 * @param positions where they are in the log, in the same order
 * @param next the progress once all of them are acknowledged
 * @param more whether there is more to read at once
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Page(List<StoredEvent> events, long[] positions, Progress next, boolean more) {

    /** Nothing but a progress. */
    static Page empty(Progress next) {
        return new Page(List.of(), new long[0], next, false);
    }
}
