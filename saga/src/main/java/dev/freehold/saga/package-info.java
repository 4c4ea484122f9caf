/** Orchestrated sagas with compensation. Nothing is here yet: sagas come with a later release. */
@NullMarked
package dev.freehold.saga;

import org.jspecify.annotations.NullMarked;
