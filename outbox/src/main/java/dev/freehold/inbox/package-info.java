/**
 * Messages handled once: {@link dev.freehold.inbox.InboxListener} for events from the broker,
 * {@link dev.freehold.inbox.Inbox} for everything else that may arrive twice.
 */
@NullMarked
package dev.freehold.inbox;

import org.jspecify.annotations.NullMarked;
