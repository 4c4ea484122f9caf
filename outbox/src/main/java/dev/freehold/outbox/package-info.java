/**
 * Events written in the business transaction and published after it: {@link dev.freehold.outbox.Outbox} is the way in,
 * {@link dev.freehold.outbox.OutboxRelay} the way out, {@link dev.freehold.outbox.OutboxTransport} what carries them.
 */
@NullMarked
package dev.freehold.outbox;

import org.jspecify.annotations.NullMarked;
