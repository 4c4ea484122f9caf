/** What Freehold's own modules share; no promise to anybody else, it changes without notice. */
@NullMarked
package dev.freehold.outbox.internal;

import org.jspecify.annotations.NullMarked;
