/** Read-only replicas and replicas built from events. Nothing is here yet: they come with a later release. */
@NullMarked
package dev.freehold.replica;

import org.jspecify.annotations.NullMarked;
