/** Resilience4j around the calls of sources: instances are found in its registries by the source's name. */
@NullMarked
package dev.freehold.composition.resilience;

import org.jspecify.annotations.NullMarked;
