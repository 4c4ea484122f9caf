/** A whole application; a package of its own, because it is scanned for events. */
@NullMarked
package dev.freehold.outbox.application;

import org.jspecify.annotations.NullMarked;
