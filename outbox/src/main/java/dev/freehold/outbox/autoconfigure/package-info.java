/** Spring Boot's auto-configuration of outbox, relay and inbox; nothing here is for direct use. */
@NullMarked
package dev.freehold.outbox.autoconfigure;

import org.jspecify.annotations.NullMarked;
