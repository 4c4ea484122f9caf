/** Events written in the business transaction and published after it: {@link dev.freehold.outbox.Outbox} is the way in. */
@NullMarked
package dev.freehold.outbox;

import org.jspecify.annotations.NullMarked;
