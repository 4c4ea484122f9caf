/** Events that methods of the service itself take. */
@NullMarked
package dev.freehold.outbox.handler;

import org.jspecify.annotations.NullMarked;
