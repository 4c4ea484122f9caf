/** The smallest service with an outbox and an inbox. */
@NullMarked
package dev.freehold.quickstart;

import org.jspecify.annotations.NullMarked;
