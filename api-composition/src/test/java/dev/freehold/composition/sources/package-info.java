/** Sources of every kind, against real servers. */
@NullMarked
package dev.freehold.composition.sources;

import org.jspecify.annotations.NullMarked;
