package dev.freehold.outbox;

import org.jspecify.annotations.Nullable;

/**
 * How much is read at once.
 *
 * @param events most events
 * @param bytes most payload bytes; a single larger event is read alone
 * @param until how far to read at all in the last phase of a change of shards, null otherwise
 */
record PageLimit(int events, int bytes, @Nullable String until) {}
